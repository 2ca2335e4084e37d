//! Byte positions to code points, the unit of the JSON contract (and of Python's `str`).

/// Converts rising byte positions of one text, counting each stretch of the text once.
pub(super) struct CodePoints<'a> {
    text: &'a str,
    byte: usize,
    count: usize,
}

impl<'a> CodePoints<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        CodePoints { text, byte: 0, count: 0 }
    }

    /// The number of code points before `byte`, which lies on a character boundary and not before the last one asked for.
    pub(super) fn at(&mut self, byte: usize) -> usize {
        self.count += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points_not_bytes() {
        let mut points = CodePoints::new("“é” 🙂 x");
        assert_eq!([points.at(0), points.at(3), points.at(5), points.at(13), points.at(14)], [0, 1, 2, 5, 6]);
    }
}
