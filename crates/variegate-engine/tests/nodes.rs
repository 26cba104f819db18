//! Every node, operations or not, in the engine against the reference; and random chains, fused against unfused.

use std::sync::Arc;

use variegate_engine::{Scratch, run_to_picture};
use variegate_picture::{
    Border, Channels, Dtype, Error, FieldKey, Filter, Frame, Homography, Picture, Pixels, Point, Rect, Result, Size,
};
use variegate_plan::{
    Analytic, Blend, BlendMode, Branch, Branches, Builder, Codec, CodecFormat, ColorMatrix, Field, Fill, Hsv, Layer,
    Map, Matrix, Meaning, Measure, Measured, Mix, Node, Noise, NoiseKind, Opaque, Outline, Part, Piece, Plan, Region,
    Selected, Services, Stencil, StencilKind, Tone, Warp, reference,
};

const SIZE: Size = Size::new(31, 44);

/// A smooth picture: two gatherings of it and one differ little.
fn picture(size: Size, channels: usize, dtype: Dtype) -> Picture {
    let values: Vec<f64> = (0..size.pixels() * channels)
        .map(|k| {
            let (y, x, c) = (k / channels / size.width, k / channels % size.width, k % channels);
            0.5 + 0.35 * (x as f64 / 9.0 + c as f64).sin() * (y as f64 / 6.0).cos()
        })
        .collect();
    let pixels = match dtype {
        Dtype::U8 => Pixels::U8(values.iter().map(|v| (v * 255.0).round() as u8).collect()),
        Dtype::U16 => Pixels::U16(values.iter().map(|v| (v * 65535.0).round() as u16).collect()),
        _ => Pixels::F32(values.iter().map(|v| *v as f32).collect()),
    };
    Picture::new(size, channels, pixels).expect("as many values as pixels")
}

/// Partners are a fixed other picture; the codec halves every value, which shows whether it ran, and once.
struct World;

impl Services for World {
    fn partner(&self, id: u64, size: Size, channels: usize) -> Result<Picture> {
        let mut other = picture(size, channels, Dtype::U8);
        match other.pixels_mut() {
            Pixels::U8(p) => p.iter_mut().for_each(|v| *v = v.wrapping_add(id as u8)),
            _ => return Err(Error::internal("bytes were made")),
        }
        Ok(other)
    }

    fn recode(&self, _: &Codec, picture: &Picture, _: f32) -> Result<Picture> {
        let mut other = picture.clone();
        match other.pixels_mut() {
            Pixels::U8(p) => p.iter_mut().for_each(|v| *v /= 2),
            Pixels::U16(p) => p.iter_mut().for_each(|v| *v /= 2),
            Pixels::F32(p) => p.iter_mut().for_each(|v| *v /= 2.0),
        }
        Ok(other)
    }
}

fn numbers(picture: &Picture) -> Vec<f64> {
    match picture.pixels() {
        Pixels::U8(p) => p.iter().map(|v| f64::from(*v)).collect(),
        Pixels::U16(p) => p.iter().map(|v| f64::from(*v)).collect(),
        Pixels::F32(p) => p.iter().map(|v| f64::from(*v)).collect(),
    }
}

/// Holds the engine against the reference, value by value.
fn agree(plan: &Plan, image: &Picture, what: &str) {
    let truth = reference::run(plan, image.view(), 1.0, &World).expect(what);
    let (values, slack) = truth.finished(None);
    let out = run_to_picture(plan, image.view(), 1.0, &mut Scratch::default(), &World).expect(what);
    let half = match image.dtype() {
        Dtype::U8 => 0.5001,
        Dtype::U16 => 0.51,
        _ => 1e-4,
    };
    for (k, got) in numbers(&out).into_iter().enumerate() {
        let want = if image.dtype().is_integer() { values[k].clamp(0.0, truth.white) } else { values[k] };
        assert!(
            (got - want).abs() <= slack[k] + half,
            "{what}, element {k}: {got}, reference {want} ± {}",
            slack[k] + half
        );
    }
}

fn plan(channels: usize, nodes: Vec<Node>) -> Plan {
    let frame = Frame { size: SIZE, channels };
    Plan::new(frame, frame, nodes, None, Meaning::Continuous)
}

#[derive(Debug)]
struct Swirl;

impl Analytic for Swirl {
    fn name(&self) -> &str {
        "swirl"
    }

    fn source(&self, p: Point) -> Point {
        let (dx, dy) = (p.x - 22.0, p.y - 15.5);
        let turn = Homography::rotate(40.0 - (dx * dx + dy * dy).sqrt());
        turn.about(Point::new(22.0, 15.5)).apply(p)
    }

    fn target(&self, p: Point) -> Option<Point> {
        let (dx, dy) = (p.x - 22.0, p.y - 15.5);
        let turn = Homography::rotate((dx * dx + dy * dy).sqrt() - 40.0);
        Some(turn.about(Point::new(22.0, 15.5)).apply(p))
    }
}

/// One node of every kind and of every variant that no operation of the registry writes.
fn every_node(channels: usize) -> Vec<(&'static str, Node)> {
    let warp = |map: Map| {
        Node::Warp(Warp {
            map,
            ..Warp::new(Homography::IDENTITY, SIZE, SIZE).border(Border::Mirror, Channels::All(0.0))
        })
    };
    let field = Field {
        canvas: SIZE,
        grid: Size::new(3, 4),
        shifts: (0..12).map(|k| (f64::from(k % 5) - 2.0, f64::from(k % 3) - 1.0)).collect(),
    };
    let layer = |mask: bool| {
        Arc::new(Layer {
            size: SIZE,
            channels: if mask { 1 } else { channels },
            values: vec![0.3; SIZE.pixels() * if mask { 1 } else { channels }],
            mask: mask.then(|| (0..SIZE.pixels()).map(|k| (k % 7) as f32 / 6.0).collect()),
        })
    };
    let blend = |mode, mask| Node::Blend(Blend { layer: layer(mask), mode, opacity: 0.6 });
    let shapes = || {
        vec![
            Outline::Ellipse { centre: Point::new(20.0, 12.0), radii: (9.0, 4.0), degrees: 30.0 },
            Outline::Polygon(vec![Point::new(2.0, 3.0), Point::new(17.3, 8.0), Point::new(5.0, 27.0)]),
            Outline::Rect(Rect::new(30.0, 5.0, 40.0, 9.0)),
        ]
    };
    let colour = Fill::Colour(Channels::Each(vec![0.1, 0.9, 0.4]));
    let noise = |kind| Node::Noise(Noise { kind, sigma: 0.1, mean: 0.02, per_channel: false, key: FieldKey(3, 4) });
    let stencil = |kind| Node::Stencil(Stencil { kind, border: Border::Edge });
    vec![
        ("displacement field", warp(Map::Chain(Arc::new([Piece::Field(Arc::new(field))])))),
        ("analytic map", warp(Map::Chain(Arc::new([Piece::Analytic(Arc::new(Swirl))])))),
        (
            "stretched table",
            Node::Lut(variegate_plan::Lut { tones: vec![Tone::Measured(Measure::Stretch { cutoff: 0.02 })] }),
        ),
        ("equalised table", Node::Lut(variegate_plan::Lut { tones: vec![Tone::Measured(Measure::Equalize)] })),
        (
            "curve",
            Node::Lut(variegate_plan::Lut { tones: vec![Tone::Curve(Arc::new([0.0, 0.7, 0.5, 1.0])), Tone::Invert] }),
        ),
        (
            "channel means",
            Node::ColorMatrix(ColorMatrix {
                matrix: Matrix::Scale { gain: Channels::All(1.4), offset: Channels::All(0.0) },
                mean: Some((Measured::EachChannel, -0.4)),
                clamp: true,
            }),
        ),
        ("hexcone", Node::Hsv(Hsv { hue: -0.3, saturation: 1.6, value: 0.9 })),
        (
            "kernel",
            stencil(StencilKind::Kernel {
                width: 5,
                height: 3,
                weights: (0..15).map(|k| f64::from(k % 4) / 22.0).collect(),
            }),
        ),
        ("box", stencil(StencilKind::Box { side: 5 })),
        ("median", stencil(StencilKind::Rank { size: 3, rank: 0.5 })),
        ("dilation", stencil(StencilKind::Rank { size: 5, rank: 1.0 })),
        ("uniform noise", noise(NoiseKind::Uniform)),
        ("speckle", noise(NoiseKind::Speckle)),
        (
            "shapes",
            Node::Region(Region {
                shapes: shapes()
                    .into_iter()
                    .zip([colour, Fill::Noise(FieldKey(1, 2)), Fill::Colour(Channels::All(1.0))])
                    .collect(),
            }),
        ),
        ("normal blend", blend(BlendMode::Normal, true)),
        ("multiply", blend(BlendMode::Multiply, false)),
        ("screen", blend(BlendMode::Screen, true)),
        ("overlay", blend(BlendMode::Overlay, false)),
        ("soft light", blend(BlendMode::SoftLight, false)),
        ("add", blend(BlendMode::Add, false)),
        ("subtract", blend(BlendMode::Subtract, false)),
        ("difference", blend(BlendMode::Difference, false)),
        ("lighten", blend(BlendMode::Lighten, false)),
        ("darken", blend(BlendMode::Darken, false)),
        (
            "branches",
            Node::Branches(Branches {
                of: vec![
                    Branch { share: 0.3, nodes: vec![Node::Lut(variegate_plan::Lut { tones: vec![Tone::Invert] })] },
                    Branch {
                        share: 0.2,
                        nodes: vec![
                            Node::Warp(Warp::new(Homography::translate(3.4, -2.0), SIZE, SIZE)),
                            noise(NoiseKind::Uniform),
                        ],
                    },
                    Branch { share: 0.1, nodes: Vec::new() },
                ],
            }),
        ),
        (
            "some channels",
            Node::Selected(Selected {
                channels: if channels < 3 { vec![0] } else { vec![2, 0] },
                nodes: vec![
                    Node::Stencil(Stencil { kind: StencilKind::Gaussian { x: 1.2, y: 0.8 }, border: Border::Mirror }),
                    noise(NoiseKind::Uniform),
                ],
            }),
        ),
        ("codec", Node::Codec(Codec { format: CodecFormat::Jpeg, quality: 50 })),
        (
            "opaque",
            Node::Opaque(Opaque {
                name: "complement".into(),
                spread: 1.0,
                second: None,
                call: Arc::new(|p, _, _| {
                    match p.pixels_mut() {
                        Pixels::U8(p) => p.iter_mut().for_each(|v| *v = !*v),
                        Pixels::U16(p) => p.iter_mut().for_each(|v| *v = !*v),
                        Pixels::F32(p) => p.iter_mut().for_each(|v| *v = 1.0 - *v),
                    }
                    Ok(())
                }),
            }),
        ),
    ]
}

#[test]
fn every_node_is_the_reference_within_its_debt() {
    for dtype in [Dtype::U8, Dtype::U16, Dtype::F32] {
        for channels in [1, 3, 4, 7] {
            let image = picture(SIZE, channels, dtype);
            for (name, node) in every_node(channels) {
                let what = format!("{name}, {dtype:?}, {channels} channels");
                agree(&plan(channels, vec![node.clone()]), &image, &what);
                // Behind a warp and before a table: the states a row can be in.
                let turn = Node::Warp(Warp::new(Homography::rotate(7.0).about(Point::new(22.0, 15.0)), SIZE, SIZE));
                let table = Node::Lut(variegate_plan::Lut { tones: vec![Tone::Invert] });
                agree(&plan(channels, vec![turn, node, table]), &image, &what);
            }
        }
    }
}

#[test]
fn a_mix_combines_with_its_partner() {
    let image = picture(SIZE, 3, Dtype::U8);
    let shapes = vec![Outline::Rect(Rect::new(10.0, 10.0, 25.0, 20.0))];
    for (weight, shapes) in [(0.7, Vec::new()), (1.0, shapes.clone()), (0.4, shapes)] {
        agree(&plan(3, vec![Node::Mix(Mix { weight, shapes, ..Mix::faded(90, 0.0) })]), &image, "mix");
    }
    let mask: Vec<bool> = (0..SIZE.pixels()).map(|k| k % 7 < 3).collect();
    let laid = Warp::new(Homography::affine(2.3, 0.0, -4.0, 0.0, 1.9, -8.0), SIZE, SIZE);
    for warp in [laid, Warp::new(Homography::translate(-5.0, 9.0), SIZE, SIZE)] {
        for border in [Border::Constant, Border::Edge] {
            let mix = Mix::masked(90, mask.clone()).laid(warp.clone().border(border, Channels::All(0.0)));
            agree(&plan(3, vec![Node::Mix(mix)]), &image, "mix through a warp");
        }
    }
}

#[test]
fn a_partner_of_another_size_is_refused_with_the_cure() {
    struct Odd;
    impl Services for Odd {
        fn partner(&self, _: u64, size: Size, channels: usize) -> Result<Picture> {
            Ok(picture(Size::new(size.height + 1, size.width), channels, Dtype::U8))
        }
        fn recode(&self, _: &Codec, picture: &Picture, _: f32) -> Result<Picture> {
            Ok(picture.clone())
        }
    }
    let (image, plan) = (picture(SIZE, 3, Dtype::U8), plan(3, vec![Node::Mix(Mix::faded(1, 0.5))]));
    let error = run_to_picture(&plan, image.view(), 1.0, &mut Scratch::default(), &Odd).expect_err("two sizes");
    assert!(error.message().contains("put Resize"), "{error}");
    assert_eq!(reference::run(&plan, image.view(), 1.0, &Odd).expect_err("two sizes"), error);
}

#[test]
fn every_filter_and_border_is_the_reference() {
    let image = picture(SIZE, 3, Dtype::U8);
    let maps = [
        Homography::rotate(25.0).about(Point::new(20.0, 15.0)),
        Homography::scale(2.3, 1.7),
        Homography::translate(-9.5, 4.25).then_inside(Homography::scale(0.6, -0.8)),
        Homography([[1.1, 0.1, -3.0], [0.05, 0.9, 2.0], [0.002, 0.001, 1.0]]),
        Homography::affine(-1.0, 0.0, 44.0, 0.0, 1.0, 0.0),
    ];
    for (_, filter) in Filter::NAMES {
        for (_, border) in Border::NAMES {
            for antialias in [true, false] {
                for map in maps {
                    let warp = Warp { antialias, ..Warp::new(map, SIZE, Size::new(23, 29)) };
                    let warp = warp.filter(*filter).border(*border, Channels::Each(vec![0.2, 0.5, 0.9]));
                    let what = format!("{}, {}, antialias {antialias}, {map:?}", filter.name(), border.name());
                    let frame = Frame { size: SIZE, channels: 3 };
                    let out = Frame { size: Size::new(23, 29), channels: 3 };
                    agree(&Plan::new(frame, out, vec![Node::Warp(warp)], None, Meaning::Continuous), &image, &what);
                }
            }
        }
    }
}

/// A number below `n`, addressed.
fn number(chain: u64, k: u64, n: u64) -> u64 {
    variegate_picture::key::below(variegate_picture::key::philox4x64([k, chain, 0, 0], [5, 0])[0], n)
}

/// A random chain of warps and pointwise nodes.
fn chain(id: u64) -> Vec<Node> {
    let mut b = Builder::new(Frame { size: SIZE, channels: 3 });
    for k in 0..2 + number(id, 100, 4) {
        let pick = |j: u64, n: u64| number(id, 10 * k + j, n);
        let real = |j: u64| pick(j, 1000) as f64 / 1000.0;
        let size = b.size();
        let (w, h) = (size.width as f64, size.height as f64);
        let middle = Point::new(w / 2.0, h / 2.0);
        match pick(0, 8) {
            0 => b.permute(Homography::affine(-1.0, 0.0, w, 0.0, 1.0, 0.0), size),
            1 => b.permute(Homography::affine(0.0, 1.0, 0.0, 1.0, 0.0, 0.0), Size::new(size.width, size.height)),
            2 => b.warp(Warp::new(Homography::rotate(30.0 * real(1) - 15.0).about(middle), size, size)),
            3 => {
                let to = Size::new((h * 0.8) as usize, (w * 0.8) as usize);
                b.warp(Warp::new(Homography::translate(real(1) * 4.0, real(2) * 4.0), size, to).hiding());
            }
            4 => {
                let s = 0.8 + 0.3 * real(1);
                b.warp(Warp::new(Homography::scale(s, s).about(middle), size, size));
            }
            5 => b.scale(0.7 + 0.5 * real(1), 0.0),
            6 => b.tone(Tone::Power { exponent: 0.8 + 0.4 * real(1) }),
            _ => b.matrix(ColorMatrix {
                matrix: Matrix::Mix([[0.8, 0.1, 0.1, 0.0], [0.1, 0.8, 0.1, 0.0], [0.1, 0.1, 0.8, 0.0]]),
                mean: None,
                clamp: pick(3, 2) == 0,
            }),
        }
    }
    b.into_plan(Meaning::Exact).written
}

#[test]
fn random_chains_are_the_same_fused_and_unfused() {
    let image = picture(SIZE, 3, Dtype::U8);
    let mut fewer = 0;
    for id in 0..300 {
        let nodes = chain(id);
        let to = nodes.iter().rev().find_map(|n| if let Node::Warp(w) = n { Some(w.to) } else { None }).unwrap_or(SIZE);
        let (from, out) = (Frame { size: SIZE, channels: 3 }, Frame { size: to, channels: 3 });
        let fused = Plan::new(from, out, nodes.clone(), None, Meaning::Continuous);
        let steps = Plan::new(from, out, nodes, None, Meaning::Exact);
        fewer += usize::from(fused.nodes.len() < steps.nodes.len());
        agree(&fused, &image, &format!("chain {id}, fused"));
        agree(&steps, &image, &format!("chain {id}, step by step"));
        // Where nothing came from beyond an edge (white stays white there), one resampling of a smooth picture is
        // close to several.
        let white = Picture::new(SIZE, 3, Pixels::F32(vec![1.0; SIZE.pixels() * 3])).expect("white");
        let moves: Vec<Node> = steps.nodes.iter().filter(|n| matches!(n, Node::Warp(_))).cloned().collect();
        let seen = reference::run_nodes(&moves, white.view(), 1.0, &World).expect("white").values;
        let a = reference::run(&fused, image.view(), 1.0, &World).expect("fused");
        let b = reference::run(&steps, image.view(), 1.0, &World).expect("step by step");
        for k in (0..seen.len()).filter(|k| seen[*k] > 1.0 - 1e-6) {
            let apart = (a.values[k] - b.values[k]).abs();
            assert!(
                apart < 0.05,
                "chain {id}, element {k}: {} fused, {} step by step; {fused:?}",
                a.values[k],
                b.values[k]
            );
        }
    }
    assert!(fewer > 150, "only {fewer} of 300 chains became shorter");
}

#[test]
fn merged_gaussians_are_the_two_within_a_level() {
    let image = picture(SIZE, 1, Dtype::F32);
    let frame = image.frame();
    for (a, b) in [(0.8, 0.8), (0.8, 2.0), (1.0, 1.0), (1.3, 0.9), (2.5, 3.0)] {
        for border in [Border::Reflect, Border::Mirror, Border::Wrap, Border::Edge, Border::Constant] {
            let blur = |s| Node::Stencil(Stencil { kind: StencilKind::Gaussian { x: s, y: s }, border });
            let make = |meaning| Plan::new(frame, frame, vec![blur(a), blur(b)], None, meaning);
            let (fused, steps) = (make(Meaning::Continuous), make(Meaning::Exact));
            let run = |plan: &Plan| reference::run(plan, image.view(), 1.0, &World).expect("runs").values;
            let worst = run(&fused).iter().zip(run(&steps)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(worst <= 1.0 / 255.0, "{a} and {b}, border {}: {} of 255", border.name(), worst * 255.0);
            // What is not symmetric about the edge stays two.
            let nodes = if matches!(border, Border::Edge | Border::Constant) { 2 } else { 1 };
            assert_eq!(fused.nodes.len(), nodes, "{a} and {b}, border {}", border.name());
        }
    }
}

#[test]
fn a_wished_region_gives_the_same_pixels() {
    let image = picture(Size::new(120, 170), 3, Dtype::U8);
    let frame = image.frame();
    let map = Homography::translate(40.31, 30.72).then_inside(Homography::scale(1.9, 1.4));
    for filter in [Filter::Bilinear, Filter::Bicubic, Filter::Lanczos3, Filter::Nearest] {
        let mut b = Builder::new(frame);
        b.warp(Warp::new(map, frame.size, Size::new(32, 40)).filter(filter).hiding());
        let plan = b.into_plan(Meaning::Continuous);
        let (x0, y0, x1, y1) = plan.wish().region;
        let whole = run_to_picture(&plan, image.view(), 1.0, &mut Scratch::default(), &World).expect("whole");
        let Pixels::U8(p) = image.pixels() else { unreachable!() };
        let rows = (y0..y1).flat_map(|y| p[(y * 170 + x0) * 3..(y * 170 + x1) * 3].to_vec()).collect();
        let part = Picture::new(Size::new(y1 - y0, x1 - x0), 3, Pixels::U8(rows)).expect("a part");
        let plan = plan.on_part(Part { origin: (x0, y0), scale: 1, size: part.size() });
        let out = run_to_picture(&plan, part.view(), 1.0, &mut Scratch::default(), &World).expect("part");
        let worst = numbers(&whole).iter().zip(numbers(&out)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        // The shifted origin changes positions in their last bits; a value on a rounding edge may go either way.
        assert!(worst <= 1.0 && (filter != Filter::Nearest || worst == 0.0), "{}: {worst}", filter.name());
    }
}
