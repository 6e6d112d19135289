//! xAPI: what learning systems send by that standard becomes completions, exactly once (story 1).
