use crate::support::{Numbers, levels, picture};
use half::{bf16, f16};
use variegate_kernels::convert::{load_row, round_row, store_codes, store_row};
use variegate_picture::{AlignedBytes, Dtype, Layout, Pixels, Sample, Size, Slot};

const DTYPES: [Dtype; 5] = [Dtype::U8, Dtype::U16, Dtype::F32, Dtype::F16, Dtype::BF16];

fn stored(v: f32, dtype: Dtype) -> Vec<u8> {
    match dtype {
        Dtype::U8 => vec![u8::store(v)],
        Dtype::U16 => u16::store(v).to_ne_bytes().to_vec(),
        Dtype::F32 => v.to_ne_bytes().to_vec(),
        Dtype::F16 => f16::store(v).to_ne_bytes().to_vec(),
        Dtype::BF16 => bf16::store(v).to_ne_bytes().to_vec(),
    }
}

#[test]
fn rows_land_where_dtype_layout_and_order_say() {
    let mut numbers = Numbers::new(1);
    for width in 1..=67 {
        for channels in [1, 3, 4, 7] {
            for (dtype, layout) in DTYPES.into_iter().flat_map(|d| [(d, Layout::Hwc), (d, Layout::Chw)]) {
                let order = (channels >= 3 && width % 2 == 0).then_some([2, 0, 1]);
                let order = if width % 5 == 0 && channels >= 3 { Some([2, 1, 0]) } else { order };
                let still = width % 3 == 0;
                let (gain, offset) =
                    if still { (vec![1.0], vec![0.0]) } else { (vec![0.5, 1.5, 0.25], vec![-3.0, 2.5]) };
                let codes: Vec<u8> = (0..width * channels).map(|_| numbers.word() as u8).collect();
                let reals: Vec<f32> = codes.iter().map(|v| f32::from(*v)).collect();
                let size = Size::new(3, width);
                let write = |from_codes: bool| {
                    levels(|| {
                        let mut bytes = AlignedBytes::zeroed(size.pixels() * channels * dtype.bytes());
                        let mut slot = Slot::new(size, channels, dtype, layout, bytes.as_mut_slice()).expect("aligned");
                        if from_codes {
                            store_codes(&codes, channels, 1, &mut slot, &gain, &offset, order);
                        } else {
                            store_row(&reals, channels, 1, &mut slot, &gain, &offset, order);
                        }
                        bytes.as_slice().to_vec()
                    })
                };
                let got = write(false);
                assert_eq!(got, write(true));
                for x in 0..width {
                    for c in 0..channels {
                        let from = order.and_then(|o| o.get(c).copied()).unwrap_or(c);
                        let pick = |list: &[f32]| list.get(from).or(list.last()).copied().unwrap_or(0.0);
                        let expected = stored(reals[x * channels + from] * pick(&gain) + pick(&offset), dtype);
                        let at = match layout {
                            Layout::Hwc => (width + x) * channels + c,
                            Layout::Chw => (c * 3 + 1) * width + x,
                        } * dtype.bytes();
                        assert_eq!(
                            got[at..at + dtype.bytes()],
                            expected,
                            "{dtype:?} {layout:?} {width} {channels} {x} {c}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn half_floats_round_alike_in_runs_and_one_by_one() {
    let special = [0.0, -0.0, 1.0 / 3.0, 65504.0, 65520.0, 1e-8, 6e-8, -1e30, f32::INFINITY, f32::MAX, 1.003_906_2];
    let reals: Vec<f32> = (0..96).map(|i| special[i % special.len()]).collect();
    for dtype in [Dtype::F16, Dtype::BF16] {
        let mut bytes = AlignedBytes::zeroed(192);
        let mut slot = Slot::new(Size::new(1, 96), 1, dtype, Layout::Hwc, bytes.as_mut_slice()).expect("aligned");
        store_row(&reals, 1, 0, &mut slot, &[1.0], &[0.0], None);
        let expected: Vec<u8> = reals.iter().flat_map(|v| stored(*v * 1.0 + 0.0, dtype)).collect();
        assert_eq!(bytes.as_slice(), expected);
    }
}

#[test]
fn loading_and_rounding_return_the_codes() {
    for width in 1..=67 {
        let p = picture(2, width, 3, Dtype::U16, width as u64);
        let Pixels::U16(codes) = p.pixels() else { return };
        let got = levels(|| {
            let mut row = vec![0.0f32; width * 3];
            load_row(&p.view(), 1, &mut row);
            let mut back = vec![0u16; width * 3];
            round_row(&row, &mut back);
            back
        });
        assert_eq!(got, codes[width * 3..]);
    }
}
