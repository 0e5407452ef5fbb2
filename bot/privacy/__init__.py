"""Nothing identifying is written down: redaction, retention, erasure, access. Knows nothing of Rasa."""
