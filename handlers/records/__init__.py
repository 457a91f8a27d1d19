"""What meetings leave behind: minutes, sync records, resolutions (domain.md 3.10, 3.11; R-62, R-63, R-69, R-70)."""
