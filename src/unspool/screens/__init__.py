"""What people see while something runs: messages, bars, the progress of training."""
