"""Answers, facts, unanswered questions and statistics: from counts that outlive the conversations."""
