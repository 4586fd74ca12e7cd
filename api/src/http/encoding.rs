//! What bytes are that were sent as text and are not UTF-8, so that the sender knows how to save the file.

/// The beginning of a ZIP archive, which every `.xlsx` workbook is.
const ZIP: &[u8] = b"PK\x03\x04";
/// The beginning of an OLE compound file, which every `.xls` workbook is.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";

/// The text of a body.
///
/// # Errors
/// A sentence that says what the bytes are, and what to do.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, String> {
    if let Some(format) = other_format(bytes) {
        return Err(format.to_owned());
    }
    std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))
}

/// A file format that begins with bytes of its own.
pub(crate) fn other_format(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(ZIP) {
        return Some(
            "this is an Excel workbook (.xlsx) or another ZIP archive, not text: in Excel, save the sheet as \
             \"CSV UTF-8 (comma delimited)\" and send that file",
        );
    }
    if bytes.starts_with(OLE) {
        return Some(
            "this is an Excel 97-2003 workbook (.xls), not text: in Excel, save the sheet as \
             \"CSV UTF-8 (comma delimited)\" and send that file",
        );
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || is_wide(bytes) {
        return Some(
            "this text is encoded as UTF-16 (\"Unicode text\" in Excel): save it as UTF-8 and send it again",
        );
    }
    None
}

/// UTF-16 without a byte order mark: every other byte of a Latin text is zero.
fn is_wide(bytes: &[u8]) -> bool {
    let begin = bytes.get(..bytes.len().min(64)).unwrap_or_default();
    let zeros = |first: usize| begin.iter().skip(first).step_by(2).all(|byte| *byte == 0);
    begin.len() >= 8 && (zeros(0) != zeros(1))
}

/// What to say of bytes that are not UTF-8 from `at` on.
pub(crate) fn not_utf8(bytes: &[u8], at: usize) -> String {
    let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
    let begin = bytes.get(..at).unwrap_or_default();
    let text = String::from_utf8_lossy(begin);
    let word: String =
        text.chars().rev().take_while(|c| !c.is_control() && !",;\"".contains(*c)).take(20).collect();
    let word: String = word.chars().rev().collect();
    match bytes.get(at).copied().and_then(windows_1252) {
        Some(character) => format!(
            "the text is not UTF-8: line {line} has the byte 0x{:02X} after `{word}`, which is `{character}` in \
             Windows-1252, the encoding of many files from Windows: save the file as UTF-8 (in Excel \
             \"CSV UTF-8 (comma delimited)\") and send it again",
            bytes.get(at).copied().unwrap_or_default(),
        ),
        None => format!(
            "the text is not UTF-8 at byte {at}, in line {line}: save the file as UTF-8 and send it again"
        ),
    }
}

/// The character of a byte above 0x7F in Windows-1252.
fn windows_1252(byte: u8) -> Option<char> {
    const FROM_0X80: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’',
        '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => FROM_0X80.get(usize::from(byte) - 0x80).copied().filter(|c| *c != '\0'),
        0xa0..=0xff => Some(char::from(byte)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_formats_are_recognised() {
        let says = |bytes: &[u8], word: &str| {
            let said = text_of(bytes).unwrap_err();
            assert!(said.contains(word), "{said}");
        };
        says(b"PK\x03\x04\x14\0\x06\0", ".xlsx");
        says(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls)");
        says(b"\xff\xfei\0n\0d\0", "UTF-16");
        says(b"i\0n\0d\0i\0c\0a\0", "UTF-16");
        says(b"title\nChildren\x92s homes", "line 2 has the byte 0x92 after `Children`, which is `’`");
        says(b"a\xff\xff", "`ÿ`");
        says(b"a\x81", "at byte 1, in line 1");
        assert_eq!(text_of("Børn\0".as_bytes()), Ok("Børn\0"));
        assert_eq!(text_of(b"\0\0\0\0\0\0\0\0\0\0"), Ok("\0\0\0\0\0\0\0\0\0\0"));
        assert_eq!(text_of(b""), Ok(""));
    }
}
