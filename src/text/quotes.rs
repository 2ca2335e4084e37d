//! x
/// x
pub fn starts_quoted(s: &str) -> bool { s.starts_with(['"','“','‘']) }
