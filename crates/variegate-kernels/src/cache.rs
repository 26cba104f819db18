//! Hints to the cache: which memory is needed soon. They change nothing but the time.

/// Bytes of a cache line.
const LINE: usize = 64;

/// Asks for the lines of a stretch that will be read soon. Does nothing where no instruction for it is known.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn prefetch<T>(stretch: &[T]) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let (start, bytes) = (stretch.as_ptr().cast::<i8>(), size_of_val(stretch));
        for at in (0..bytes).step_by(LINE) {
            // SAFETY: a hint; the address lies in the stretch, and is not read.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(start.add(at)) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (stretch, LINE);
}
