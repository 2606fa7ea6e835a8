//! What the fuzz targets share; `docs/fuzzing.md` says what each of them holds true.
#![forbid(unsafe_code)]

pub mod engine;
pub mod json;
pub mod mutate;
pub mod query;
pub mod reading;
pub mod rng;
pub mod seeds;
pub mod sign;
pub mod world;
pub mod xml;

/// The mutator of the targets whose input is a document: mostly [`mutate::mutate`], sometimes the fuzzer's own.
pub fn mutate_xml(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let text = data.get(..size).and_then(|bytes| std::str::from_utf8(bytes).ok());
    if !seed.is_multiple_of(8)
        && let Some(mutated) = text.and_then(|text| mutate::mutate(text, seed, most))
    {
        return replace(data, mutated.as_bytes());
    }
    libfuzzer_sys::fuzzer_mutate(data, size, most)
}

/// Puts `with` in the place of the input.
pub fn replace(data: &mut [u8], with: &[u8]) -> usize {
    match data.get_mut(..with.len()) {
        Some(place) => {
            place.copy_from_slice(with);
            with.len()
        }
        None => 0,
    }
}
