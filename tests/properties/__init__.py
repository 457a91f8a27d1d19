"""What must hold whatever people do: random days of the sample company, looked at after every step."""
