"""Many runs at once: schemes side by side on the same people, sweeps, sensitivity, calibration."""
