"""Rules about the memory and time of a run. They speak only where the settings say which GPU it runs on."""
