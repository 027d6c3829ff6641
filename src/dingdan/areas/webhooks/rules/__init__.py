"""What is sent to whom, when it is tried again, and when to stop: pure."""
