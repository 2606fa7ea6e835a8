//! Sign-in attempts, kept in cookies of the browser that started them (design 11.3).
