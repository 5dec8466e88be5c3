"""What scanners send, told from typing, put right, and understood. No Qt."""
