//! Trust is in the types: what does not compile cannot be done by mistake.

#[test]
fn a_verified_value_cannot_be_made_and_unsigned_text_cannot_be_read() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
