"""Reads message files: bytes in, typed rows out; nothing here knows the database or Discord.

``probe`` tells what a file is, ``read_rows`` reads it in batches that can be committed and resumed by
position, ``longest_match`` recognises a file (or its older, shorter self) that was imported before.
"""
