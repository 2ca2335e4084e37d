//! What both programs set up before anything else runs.

/// Leaves candle without threads of its own, unless `CANDLE_NUM_THREADS` says how many there shall be.
///
/// From 0.11 on candle shares out operations on the elements of large tensors, one operation at a time, to threads that wait by
/// spinning. The lanes of the encoder, which each have a thread for themselves, then wait for each other: a step of
/// fine-tuning takes 1.4 times as long (.643 s, .468 s without, on two cores), `rhetor classify` 1.06 times. What comes out
/// is the same.
///
/// # Safety
/// No other thread may run yet: it might read the environment.
#[allow(unsafe_code)]
pub unsafe fn leave_candle_without_threads() {
    const THREADS: &str = "CANDLE_NUM_THREADS";
    if std::env::var_os(THREADS).is_none() {
        // SAFETY: as this function's.
        unsafe { std::env::set_var(THREADS, "1") };
    }
}
