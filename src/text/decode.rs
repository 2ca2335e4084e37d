//! Bytes to text, whatever the encoding. Nothing is refused for a bad byte.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes from the start are looked at to tell UTF-16 and binary files from text.
const SAMPLE: usize = 8192;

/// How far into a page its own `charset=` is looked for, as the HTML standard has it.
const META: usize = 1024;

/// Signatures of files that people hand in by mistake: PDF, ZIP (docx, odt, epub), gzip, PNG, JPEG, GIF, old Office.
const SIGNATURES: [&[u8]; 7] =
    [b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0"];

/// Decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without its byte order mark.
    pub text: String,
    /// The encoding it was in, by its WHATWG name.
    pub encoding: &'static str,
    /// Whether some bytes meant nothing in that encoding and became U+FFFD.
    pub replaced: bool,
}

/// Decodes UTF-8 and UTF-16 with or without a byte order mark, and the older encodings by what they look like.
///
/// ```
/// let decoded = rhetor::text::decode::decode(b"The caf\xe9 owner said \x93no\x94.");
/// assert_eq!(decoded.text, "The café owner said “no”.");
/// assert_eq!(decoded.encoding, "windows-1252");
/// ```
pub fn decode(bytes: &[u8]) -> Decoded {
    let (text, encoding, replaced) = guess(bytes).decode(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), replaced }
}

/// Whether these are the bytes of something that is no text in any encoding.
pub fn is_binary(bytes: &[u8]) -> bool {
    if SIGNATURES.iter().any(|signature| bytes.starts_with(signature)) {
        return true;
    }
    if Encoding::for_bom(bytes).is_some() || utf16(bytes).is_some() {
        return false;
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let controls = sample.iter().filter(|byte| is_control(**byte)).count();
    sample.contains(&0) || controls * 20 > sample.len()
}

/// Whether the bytes begin as UTF-16 does, with or without a byte order mark.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    let marked = Encoding::for_bom(bytes).is_some_and(|(encoding, _)| encoding != UTF_8);
    marked || utf16(bytes).is_some()
}

/// Bytes that text in a byte-wise encoding does not use.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = utf16(bytes) {
        return encoding;
    }
    if is_mostly_utf8(bytes) {
        return UTF_8;
    }
    declared(bytes).unwrap_or_else(|| detect(bytes))
}

/// UTF-16 without a byte order mark: in most scripts blanks and digits give NUL bytes on one side of the pairs only.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    let pairs = sample.len() / 2;
    let nuls = |side: usize| sample.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (high, low) = (nuls(0), nuls(1));
    let (encoding, many, few) = if low >= high { (UTF_16LE, low, high) } else { (UTF_16BE, high, low) };
    let lopsided = pairs >= 2 && many * 12 >= pairs && few * 50 <= many;
    (lopsided && is_plausible(encoding, sample)).then_some(encoding)
}

/// Whether the sample reads as text in this UTF-16: no control characters, hardly a broken pair (the sample may end
/// in the middle of one).
fn is_plausible(encoding: &'static Encoding, sample: &[u8]) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let odd = |c: &char| *c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace());
    text.chars().filter(odd).count() <= 1
}

/// Valid UTF-8, or UTF-8 with a few bad bytes in it: at least four good sequences for every bad one.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good >= 4 * bad
}

/// The encoding that a page states for itself.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(META)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let (_, rest) = head.split_once("charset=").filter(|_| head.contains('<'))?;
    let label = rest
        .trim_start_matches(['"', '\''])
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .next()?;
    Encoding::for_label(label.as_bytes())
        .filter(|encoding| encoding.is_ascii_compatible() && *encoding != UTF_8)
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn byte_order_marks_are_read_and_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbfTalks ended.").text, "Talks ended.");
        assert_eq!(decode(&utf16_bytes("\u{feff}Talks “ended”.", u16::to_le_bytes)).text, "Talks “ended”.");
        assert_eq!(decode(&utf16_bytes("\u{feff}Talks “ended”.", u16::to_be_bytes)).text, "Talks “ended”.");
    }

    #[test]
    fn utf16_is_known_without_a_mark() {
        for order in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
            for text in ["The “talks” ended.", "वार्ता विफल रही। मंत्री ने कहा कि यह सच है।"]
            {
                let bytes = utf16_bytes(text, order);
                assert_eq!(decode(&bytes).text, text);
                assert!(!is_binary(&bytes));
            }
        }
    }

    #[test]
    fn one_bad_byte_leaves_utf8_utf8() {
        let decoded = decode("“Talks” — “ended” \u{1}".replace('\u{1}', "|").as_bytes());
        assert!(!decoded.replaced);
        let mut bytes = "“Talks” — “ended” ".as_bytes().to_vec();
        bytes.push(0xff);
        let decoded = decode(&bytes);
        assert_eq!((decoded.text.as_str(), decoded.encoding), ("“Talks” — “ended” \u{fffd}", "UTF-8"));
        assert!(decoded.replaced);
    }

    #[test]
    fn a_page_may_state_its_encoding() {
        let mut bytes = b"<html><meta charset=\"windows-1251\"><p>".to_vec();
        bytes.extend(encoding_rs::WINDOWS_1251.encode("Да.").0.iter());
        assert!(decode(&bytes).text.ends_with("Да."));
    }

    #[test]
    fn binary_is_not_text() {
        assert!(is_binary(b"%PDF-1.7 \n"));
        assert!(is_binary(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0\0\x10\0\0"));
        assert!(!is_binary(b"Plain text.\r\n"));
        assert!(!is_binary("Ünïcode".as_bytes()));
        assert!(!is_binary(b""));
    }
}
