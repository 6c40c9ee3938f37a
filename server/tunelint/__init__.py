"""TuneLint: what is wrong with a fine-tuning dataset or training config, said before the run is paid for."""

__all__ = ["__version__"]

__version__ = "0.1.0"
