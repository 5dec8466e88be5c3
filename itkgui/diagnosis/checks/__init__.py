"""The doctor's checks, a module each: its ``look`` returns a finding."""
