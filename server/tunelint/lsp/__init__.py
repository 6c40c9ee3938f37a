"""The language server. It knows the protocol and nothing about data; the only package that imports pygls and lsprotocol."""
