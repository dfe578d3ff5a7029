"""Vocabulary files; read through importlib.resources."""
