//! Instruction sets: which one runs, and the macro that compiles a kernel once for each.
//!
//! Every kernel written with `levels!` exists as one source and three compiled copies; the wrapper takes the copy
//! of [`level`]. All copies give the same bytes: the compiler may widen a loop, but never contracts or reorders
//! floating-point arithmetic. Elsewhere than on x86-64 only the baseline exists.

use std::cell::Cell;
use std::sync::OnceLock;

/// An instruction set, from narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// What every processor of the target has (SSE2 on x86-64, NEON on AArch64).
    Scalar,
    /// AVX2.
    Avx2,
    /// AVX-512 F, BW, VL and DQ.
    Avx512,
}

impl Level {
    /// Every level, from narrow to wide.
    pub const ALL: [Level; 3] = [Level::Scalar, Level::Avx2, Level::Avx512];

    /// The name `VARIEGATE_SIMD` takes.
    pub fn name(self) -> &'static str {
        match self {
            Level::Scalar => "scalar",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }

    /// The widest level of this processor, whatever the environment says.
    pub fn widest() -> Level {
        static WIDEST: OnceLock<Level> = OnceLock::new();
        *WIDEST.get_or_init(|| {
            #[cfg(target_arch = "x86_64")]
            {
                use std::arch::is_x86_feature_detected as has;
                if has!("avx512f") && has!("avx512bw") && has!("avx512vl") && has!("avx512dq") && has!("avx2") {
                    return Level::Avx512;
                }
                if has!("avx2") {
                    return Level::Avx2;
                }
            }
            Level::Scalar
        })
    }
}

thread_local! {
    static OVERRIDE: Cell<Option<Level>> = const { Cell::new(None) };
}

/// The level that kernels of this thread run at: the processor's widest, unless the environment variable
/// `VARIEGATE_SIMD` (`scalar`, `avx2`, `avx512`) lowers it. An unknown value, or one the processor lacks, counts
/// as not set. Probed once.
#[inline]
pub fn level() -> Level {
    static PROBED: OnceLock<Level> = OnceLock::new();
    OVERRIDE.get().unwrap_or_else(|| {
        *PROBED.get_or_init(|| {
            let wish = std::env::var("VARIEGATE_SIMD").ok();
            let wish = wish.and_then(|name| Level::ALL.into_iter().find(|l| l.name() == name));
            wish.unwrap_or(Level::Avx512).min(Level::widest())
        })
    })
}

/// Runs `f` at a level, at most the processor's widest, on this thread. For tests and benchmarks.
pub fn with_level<R>(level: Level, f: impl FnOnce() -> R) -> R {
    struct Restore(Option<Level>);
    impl Drop for Restore {
        fn drop(&mut self) {
            OVERRIDE.set(self.0);
        }
    }
    let _restore = Restore(OVERRIDE.replace(Some(level.min(Level::widest()))));
    f()
}

/// Compiles one function for every [`Level`] and wraps the copies in a dispatcher.
///
/// What the body calls must be `#[inline(always)]`, or it stays at the baseline.
macro_rules! levels {
    ($(
        $(#[$meta:meta])*
        $vis:vis fn $name:ident $(<$($g:ident: $bound:path),+>)? ($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)?
        $body:block
    )+) => {$(
        $(#[$meta])*
        #[allow(unsafe_code)]
        $vis fn $name $(<$($g: $bound),+>)? ($($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            fn body $(<$($g: $bound),+>)? ($($arg: $ty),*) $(-> $ret)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn avx2 $(<$($g: $bound),+>)? ($($arg: $ty),*) $(-> $ret)? { body($($arg),*) }

                #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512dq")]
                fn avx512 $(<$($g: $bound),+>)? ($($arg: $ty),*) $(-> $ret)? { body($($arg),*) }

                match $crate::level::level() {
                    // SAFETY: `level()` never exceeds `Level::widest()`, which probed these features.
                    $crate::level::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::level::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::level::Level::Scalar => {}
                }
            }
            body($($arg),*)
        }
    )+};
}

/// Compiles one function for every set of [`crate::lanes::Lanes`] and wraps the copies in a dispatcher.
///
/// The first argument names the lanes in the body. What the body calls must be `#[inline(always)]`.
macro_rules! on_lanes {
    ($(
        $(#[$meta:meta])*
        $vis:vis fn $name:ident $(<const $c:ident: usize>)? ($lanes:ident $(, $arg:ident: $ty:ty)* $(,)?) $body:block
    )+) => {$(
        $(#[$meta])*
        #[allow(unsafe_code)]
        $vis fn $name $(<const $c: usize>)? ($($arg: $ty),*) {
            #[inline(always)]
            fn body<L: $crate::lanes::Lanes $(, const $c: usize)?>($lanes: L $(, $arg: $ty)*) $body

            #[cfg(target_arch = "x86_64")]
            if let Some(lanes) = $crate::lanes::Avx2::at($crate::level::level()) {
                #[target_feature(enable = "avx2")]
                fn avx2 $(<const $c: usize>)? (lanes: $crate::lanes::Avx2 $(, $arg: $ty)*) {
                    body::<_ $(, $c)?>(lanes $(, $arg)*)
                }
                // SAFETY: `lanes` proves AVX2.
                return unsafe { avx2::<$($c)?>(lanes $(, $arg)*) };
            }
            body::<_ $(, $c)?>($crate::lanes::Portable $(, $arg)*)
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_ends_with_its_closure_and_never_exceeds_the_processor() {
        let before = level();
        with_level(Level::Scalar, || {
            assert_eq!(level(), Level::Scalar);
            with_level(Level::Avx512, || assert_eq!(level(), Level::widest()));
            assert_eq!(level(), Level::Scalar);
        });
        assert_eq!(level(), before);
    }
}
