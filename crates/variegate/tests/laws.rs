//! Every law × every operation, each a test with its own name: `cargo nextest run -p variegate --test laws`.
//!
//! The laws stand in `variegate-laws`. An operation enters by being in the registry; nothing here names one.

use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials = variegate::ops::registry::all().iter().flat_map(|spec| {
        let test = move |law: &'static variegate_laws::Law| {
            Trial::test(format!("{}::{}", law.name, spec.name), move || law.check(spec).map_err(Failed::from))
        };
        variegate_laws::laws_of(spec).map(test)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}
