"""Folders into the catalog: scan, decode in worker processes, encode, record.

Imports nothing: who needs the values (`report`, `scope`) need not load what makes them (`run`).
"""
