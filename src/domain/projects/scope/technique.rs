//! Problems that are stated as their solution: words that name a technique instead of a need (§9). Advice, never an error.

/// Techniques, as people write them. What the business says itself ("transformer", "network") is none alone.
const TECHNIQUES: &[&str] = &[
    "ai",
    "artificial intelligence",
    "machine learning",
    "ml",
    "deep learning",
    "neural network",
    "neural networks",
    "neural net",
    "neural nets",
    "convolutional",
    "cnn",
    "rnn",
    "lstm",
    "transformer model",
    "transformer models",
    "language model",
    "language models",
    "llm",
    "llms",
    "gpt",
    "chatgpt",
    "generative",
    "rag",
    "embedding",
    "embeddings",
    "fine tune",
    "fine tuning",
    "prompt engineering",
    "classifier",
    "classifiers",
    "classification model",
    "classification models",
    "regression",
    "random forest",
    "random forests",
    "decision tree",
    "decision trees",
    "gradient boosting",
    "xgboost",
    "clustering",
    "reinforcement learning",
    "computer vision",
    "nlp",
    "natural language processing",
    "predictive model",
    "predictive models",
    "recommender system",
    "recommender systems",
    "data science",
];

/// The techniques that a statement names, in the order of the list.
#[must_use]
pub(super) fn named_in(statement: &str) -> Vec<&'static str> {
    // A hyphen of whichever kind joins words that are looked for one by one.
    let words: Vec<String> = statement
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty())
        .collect();
    let text = format!(" {} ", words.join(" "));
    TECHNIQUES.iter().copied().filter(|technique| text.contains(&format!(" {technique} "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_no_techniques() {
        for need in [
            "We learn of a broken transformer an hour too late.",
            "Nobody knows how much wind there will be tomorrow; the network pays for it.",
            "Claims wait twelve days; retail maids said fair is fair.",
            "",
        ] {
            assert_eq!(named_in(need), [""; 0], "{need}");
        }
        assert_eq!(named_in("We need an AI, e.g. a Random  Forest."), ["ai", "random forest"]);
        assert_eq!(named_in("Fine-tune an LLM-"), ["llm", "fine tune"]);
        assert_eq!(named_in("An AI-powered assistant on a machine\u{2011}learning model"), ["ai", "machine learning"]);
        assert_eq!(named_in("classifiers for mail"), ["classifiers"]);
        assert_eq!(named_in("NEURAL NETWORKS!"), ["neural networks"]);
    }
}
