//! The pages of Tributary: rendered on the server by Leptos, with islands for the browser.
//!
//! The server's half (`ssr`) holds every page. The browser's half (`hydrate`) holds the islands and the payout engine
//! they share with the server, and nothing else. This is the one file that tells the halves apart.

#[cfg(feature = "ssr")]
mod app;
#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
pub mod context;
pub mod islands;
#[cfg(feature = "ssr")]
mod pages;
pub mod shared;
#[cfg(feature = "ssr")]
pub mod shell;

#[cfg(feature = "ssr")]
pub use app::App;
