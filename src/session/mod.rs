//! The conversation with a router.
