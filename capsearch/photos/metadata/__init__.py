"""What a photo says about itself: when, where, with what, how good, of what and of whom.

Imports nothing: who needs the values (`model`) need not load what reads them (`read`).
"""
