"""Looking after the training messages: reading them, and finding what weakens them."""
