//! Bounds that hold before anything recursive or quadratic can start.

/// Limits on one document. Each has its own code when it is exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the decoded document.
    pub bytes: usize,
    /// Nesting of elements; the root is at depth 1.
    pub depth: usize,
    /// Attributes of one element, namespace declarations not counted.
    pub attributes: usize,
    /// Namespaces in scope of one element, and declarations on it.
    pub namespaces: usize,
    /// Elements and text runs together.
    pub nodes: usize,
    /// Whether comments are skipped (metadata) or refused (messages).
    pub comments: bool,
}

impl Limits {
    /// Limits of protocol messages: 256 KB, depth 64, 64 attributes, 64 namespaces, 20,000 nodes, no comments.
    pub const MESSAGE: Self =
        Self { bytes: 256 * 1024, depth: 64, attributes: 64, namespaces: 64, nodes: 20_000, comments: false };

    /// Limits of metadata documents: 1 MB, comments skipped, otherwise as [`Limits::MESSAGE`].
    pub const METADATA: Self = Self { bytes: 1024 * 1024, comments: true, ..Self::MESSAGE };
}
