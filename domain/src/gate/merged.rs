//! The gate of a merged commit: facts about it, gathered elsewhere, judged by the contract.
