"""The fictional county that shows and tests the whole way: its reports, planted faults, and what must come out."""
