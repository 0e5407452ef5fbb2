"""The three stores – conversation state, review log, statistics – each with its own clock."""
