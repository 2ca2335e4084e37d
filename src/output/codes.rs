//! The codes that event data give to verbal acts.

/// The codes of an act in the two event schemes that conflict research uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codes {
    /// CAMEO 1.1b3 (Schrodt 2012), event code or codes.
    pub cameo: &'static str,
    /// PLOVER (2018), event type; empty where it has none.
    pub plover: &'static str,
}

impl Codes {
    /// Those of a label, if it is one of the four verbal acts.
    ///
    /// ```
    /// use rhetor::output::Codes;
    /// assert_eq!(Codes::of("accusation").map(|codes| (codes.cameo, codes.plover)), Some(("112", "ACCUSE")));
    /// assert_eq!(Codes::of("praise"), None);
    /// ```
    pub fn of(label: &str) -> Option<Self> {
        let (cameo, plover) = match label {
            "accusation" => ("112", "ACCUSE"),
            "threat" => ("13", "THREATEN"),
            "denial" => ("016", ""),
            "appeal" => ("02+10", "REQUEST"),
            _ => return None,
        };
        Some(Codes { cameo, plover })
    }
}
