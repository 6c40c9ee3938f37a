"""The language server, from outside.

`client.py` is a client that can say what no library would let it: broken and badly ordered messages. `profiles.py` has clients of
pytest-lsp, with the capabilities that real editors announce.
"""
