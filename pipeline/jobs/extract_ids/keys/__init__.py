"""Step 3: Table A becomes a set of keys."""
