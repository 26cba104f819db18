//! Files that are equal and pictures that look alike, in groups.
//!
//! The findings call it. Pictures within a few bits of each other are found without comparing every pair: cut into one
//! part more than bits may differ, two such hashes agree in one part at the least, so only those which share a part are
//! compared (Norouzi, Punjani and Fleet 2012). Groups depend on the hashes alone.

use std::collections::BTreeMap;

/// Hashes have this many bits.
const BITS: u32 = 128;

/// Of those that share a part, each is compared with so many that follow: a flood of one look costs no square.
const REACH: usize = 2000;

/// Groups of equal contents, each sorted, in the order of their first.
pub fn equal(contents: &[(u64, u128)]) -> Vec<Vec<u64>> {
    let mut by_content: BTreeMap<u128, Vec<u64>> = BTreeMap::new();
    for (id, content) in contents {
        by_content.entry(*content).or_default().push(*id);
    }
    let mut groups: Vec<Vec<u64>> = by_content.into_values().filter(|group| group.len() > 1).collect();
    groups.sort();
    groups
}

/// Groups of hashes within `distance` bits, through others of the group or directly.
pub fn near(looks: &[(u64, u128)], distance: u32) -> Vec<Vec<u64>> {
    let mut parent: Vec<usize> = (0..looks.len()).collect();
    let parts = distance + 1;
    for part in 0..parts {
        let (low, high) = (part * BITS / parts, (part + 1) * BITS / parts);
        let mask = if high - low == BITS { u128::MAX } else { ((1 << (high - low)) - 1) << low };
        let mut order: Vec<usize> = (0..looks.len()).collect();
        order.sort_by_key(|k| (looks[*k].1 & mask, *k));
        for (place, &a) in order.iter().enumerate() {
            for &b in order[place + 1..].iter().take(REACH).take_while(|b| (looks[**b].1 ^ looks[a].1) & mask == 0) {
                if (looks[a].1 ^ looks[b].1).count_ones() <= distance {
                    let (a, b) = (root(&mut parent, a), root(&mut parent, b));
                    parent[a.max(b)] = a.min(b);
                }
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for k in 0..looks.len() {
        groups.entry(root(&mut parent, k)).or_default().push(looks[k].0);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

fn root(parent: &mut [usize], mut k: usize) -> usize {
    while parent[k] != k {
        parent[k] = parent[parent[k]];
        k = parent[k];
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_those_of_every_pair_compared() {
        // A walk of hashes in which each is a few bits from an earlier one, and others far from all.
        let mut state = 1u64;
        let mut word = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 20
        };
        let mut looks: Vec<(u64, u128)> = Vec::new();
        for id in 0..300u64 {
            let hash = match looks.last() {
                Some((_, last)) if word() % 3 == 0 => (0..word() % 9).fold(*last, |hash, _| hash ^ 1 << (word() % 128)),
                _ => (0..4).fold(0, |hash, _| hash << 32 | u128::from(word() & 0xFFFF_FFFF)),
            };
            looks.push((id, hash));
        }
        for distance in [0, 4, 6] {
            let mut slow: Vec<usize> = (0..looks.len()).collect();
            for a in 0..looks.len() {
                for b in a + 1..looks.len() {
                    if (looks[a].1 ^ looks[b].1).count_ones() <= distance {
                        let (a, b) = (root(&mut slow, a), root(&mut slow, b));
                        slow[a.max(b)] = a.min(b);
                    }
                }
            }
            let mut groups: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
            for k in 0..looks.len() {
                groups.entry(root(&mut slow, k)).or_default().push(k as u64);
            }
            let wanted: Vec<Vec<u64>> = groups.into_values().filter(|group| group.len() > 1).collect();
            assert!(!wanted.is_empty() || distance == 0);
            assert_eq!(near(&looks, distance), wanted, "{distance}");
        }
    }

    #[test]
    fn equal_files_are_grouped() {
        assert_eq!(equal(&[(0, 5), (1, 6), (2, 5), (3, 6), (4, 7)]), [vec![0, 2], vec![1, 3]]);
    }
}
