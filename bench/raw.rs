//! The raw limit of a token endpoint: signatures of the same crypto library and nothing else.

use std::thread;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair},
};

use crate::process::own_cpu_seconds;

/// ES384 signatures over a payload of a token's size, per second of processor time.
///
/// All processors sign, because all are busy under load as well: two that share a core each do less in a second than one alone.
pub(crate) fn es384_signatures_per_cpu_second() -> f64 {
    const ROUNDS: u32 = 10_000;
    let random = SystemRandom::new();
    let key =
        EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).expect("a P-384 key can be made");
    let payload = [b'x'; 400];
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let before = own_cpu_seconds();
    thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    std::hint::black_box(key.sign(&random, &payload).expect("a P-384 key signs"));
                }
            });
        }
    });
    let used = own_cpu_seconds() - before;
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let signed = f64::from(ROUNDS) * processors as f64;
    signed / used
}
