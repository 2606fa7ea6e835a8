//! The page as it is drawn.
