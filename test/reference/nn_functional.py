"""torch.nn.functional where PyTorch's operator database does not look, from one seed, as bits: results and gradients.

The argument is a section of CASES; each case is its name and a function. ERRORS holds what must be refused.
"""

import sys
import warnings

import torch
import torch.nn.functional as F
from nn_common import bits, error_of, show, tensors

warnings.simplefilter("ignore")
torch.set_num_threads(1)
leaves = []


def x(*shape, dtype=None):
    leaf = torch.randn(shape, dtype=dtype, requires_grad=True)
    leaves.append(leaf)
    return leaf


def unit(*shape):
    leaf = torch.rand(shape, requires_grad=True)
    leaves.append(leaf)
    return leaf


def ids(*values):
    return torch.tensor(values)


def pooled(pool, *arguments, **options):
    """The output, and the indices that lead back."""
    return pool(*arguments, return_indices=True, **options)


def unpooled(dims, size, kernel, stride=None, output_size=None):
    pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[dims - 1]
    unpool = (F.max_unpool1d, F.max_unpool2d, F.max_unpool3d)[dims - 1]
    output, indices = pool(x(1, 2, *size), kernel, stride, return_indices=True)
    return unpool(output, indices, kernel, stride, output_size=output_size)


def attention(batched=True, heads=2, bias=True, **options):
    shape = (4, 3, 6) if batched else (4, 6)
    query, key, value = (x(*shape), x(*shape), x(*shape)) if not options.pop("alone", False) else (x(*shape),) * 3
    biases = (x(18), x(6)) if bias else (None, None)
    return F.multi_head_attention_forward(
        query, key, value, 6, heads, x(18, 6), biases[0], None, None, False, 0.0, x(6, 6), biases[1], **options
    )


def attention_of_parts(**options):
    query, key, value = x(4, 3, 6), x(5, 3, 3), x(5, 3, 2)
    return F.multi_head_attention_forward(
        query, key, value, 6, 2, None, x(18), x(1, 1, 6), x(1, 1, 6), True, 0.25, x(6, 6), x(6),
        use_separate_proj_weight=True, q_proj_weight=x(6, 6), k_proj_weight=x(6, 3), v_proj_weight=x(6, 2), **options
    )  # fmt: skip


def causal(length=4):
    return torch.ones(length, length, dtype=torch.bool).triu(1)


CASES = {
    "activation": {
        "gelu": lambda: F.gelu(x(9), approximate="tanh"),
        "threshold": lambda: F.threshold(x(9), 0.1, 20.0),
        "threshold in place": lambda: F.threshold(torch.randn(9), 0.1, 20.0, True),
        "threshold_": lambda: F.threshold_(torch.randn(9), 0.1, 20.0),
        "relu_": lambda: F.relu_(torch.randn(9)),
        "relu6 in place": lambda: F.relu6(torch.randn(9).mul(9), inplace=True),
        "hardtanh": lambda: F.hardtanh(x(9), -0.5, 0.25),
        "hardtanh in place": lambda: F.hardtanh(torch.randn(9), -0.5, 0.25, True),
        "hardtanh_": lambda: F.hardtanh_(torch.randn(9), -0.5, 0.25),
        "elu in place": lambda: F.elu(torch.randn(9), 0.5, True),
        "elu_": lambda: F.elu_(torch.randn(9), 0.5),
        "selu": lambda: F.selu(x(9)),
        "selu in place": lambda: F.selu(torch.randn(9), True),
        "selu_": lambda: F.selu_(torch.randn(9)),
        "celu": lambda: F.celu(x(9), 0.7),
        "celu in place": lambda: F.celu(torch.randn(9), 0.7, True),
        "celu_": lambda: F.celu_(torch.randn(9), 0.7),
        "leaky relu in place": lambda: F.leaky_relu(torch.randn(9), 0.3, True),
        "leaky_relu_": lambda: F.leaky_relu_(torch.randn(9), 0.3),
        "rrelu": lambda: F.rrelu(x(9), 0.1, 0.4, training=True),
        "rrelu in place": lambda: F.rrelu(torch.randn(9), training=True, inplace=True),
        "rrelu_": lambda: F.rrelu_(torch.randn(9), 0.1, 0.4, True),
        "glu": lambda: F.glu(x(4, 3), 0),
        "silu in place": lambda: F.silu(torch.randn(9), True),
        "mish in place": lambda: F.mish(torch.randn(9), inplace=True),
        "hardsigmoid in place": lambda: F.hardsigmoid(torch.randn(9), True),
        "hardswish in place": lambda: F.hardswish(torch.randn(9), True),
        "softmin": lambda: F.softmin(x(3, 4), 1),
        "softmax without dim": lambda: F.softmax(x(2, 3, 4)),
        "log softmax without dim": lambda: F.log_softmax(x(3, 4)),
        "gumbel": lambda: F.gumbel_softmax(x(3, 4), 0.5),
        "gumbel hard": lambda: F.gumbel_softmax(x(3, 4, dtype=torch.float64), tau=2, hard=True, dim=0),
        "feature alpha dropout": lambda: F.feature_alpha_dropout(x(3, 4, 2), 0.3, True),
        "feature alpha dropout in place": lambda: F.feature_alpha_dropout(torch.randn(3, 4, 2), 0.3, True, True),
        "dropout1d": lambda: F.dropout1d(x(3, 4), 0.3),
        "dropout2d": lambda: F.dropout2d(x(2, 3, 4, 5), 0.3),
        "dropout3d": lambda: F.dropout3d(x(2, 3, 4, 5), 0.3),
        "dropout3d in place": lambda: F.dropout3d(torch.randn(2, 3, 4, 5), 0.3, True, True),
    },
    "pooling": {
        "max 1d": lambda: pooled(F.max_pool1d, x(2, 3, 9), 2, ceil_mode=True),
        "max 1d with indices": lambda: F.max_pool1d_with_indices(x(2, 3, 9), 3, 2, 1),
        "max 2d": lambda: pooled(F.max_pool2d, x(2, 3, 6, 7), (2, 3), stride=1, dilation=2),
        "max 2d by position": lambda: F.max_pool2d(x(3, 6, 7), 2, None, 1, 1, True, True),
        "max 2d with indices": lambda: F.max_pool2d_with_indices(x(3, 6, 7), 2, padding=1),
        "max 3d": lambda: pooled(F.max_pool3d, x(3, 4, 5, 6), 2),
        "max 3d with indices": lambda: F.max_pool3d_with_indices(x(3, 4, 5, 6), kernel_size=2),
        "max 3d alone": lambda: F.max_pool3d(x(3, 4, 5, 6), kernel_size=2, return_indices=False),
        "adaptive max 1d": lambda: pooled(F.adaptive_max_pool1d, x(2, 3, 7), 3),
        "adaptive max 1d with indices": lambda: F.adaptive_max_pool1d_with_indices(x(2, 3, 7), 3),
        "adaptive max 2d": lambda: pooled(F.adaptive_max_pool2d, x(2, 3, 5, 7), (None, 3)),
        "adaptive max 2d with indices": lambda: F.adaptive_max_pool2d_with_indices(x(2, 3, 5, 7), 2),
        "adaptive max 3d": lambda: pooled(F.adaptive_max_pool3d, x(2, 3, 4, 5), (2, None, 3)),
        "adaptive max 3d with indices": lambda: F.adaptive_max_pool3d_with_indices(x(2, 3, 4, 5), (2, 2, 3)),
        "adaptive average 2d": lambda: F.adaptive_avg_pool2d(x(2, 3, 5, 7), (None, 3)),
        "adaptive average 3d": lambda: F.adaptive_avg_pool3d(x(2, 3, 4, 5), output_size=2),
        "fractional 2d": lambda: pooled(F.fractional_max_pool2d, x(2, 3, 6, 7), 2, output_ratio=(0.5, 0.6)),
        "fractional 2d, a size": lambda: F.fractional_max_pool2d(x(3, 6, 7), 2, (3, 4)),
        "fractional 2d with indices": lambda: F.fractional_max_pool2d_with_indices(x(3, 6, 7), 2, 3),
        "fractional 3d": lambda: pooled(F.fractional_max_pool3d, x(2, 5, 6, 7), 2, output_ratio=0.5),
        "fractional 3d with indices": lambda: F.fractional_max_pool3d_with_indices(x(1, 2, 5, 6, 7), 2, (2, 3, 4)),
        "unpool 1d": lambda: unpooled(1, (9,), 2, output_size=(9,)),
        "unpool 2d": lambda: unpooled(2, (5, 7), 2, output_size=(1, 2, 5, 7)),
        "unpool 2d, strides": lambda: unpooled(2, (5, 7), 3, (2, 1)),
        "unpool 3d": lambda: unpooled(3, (4, 5, 6), 2, output_size=(4, 5, 6)),
        "lp 1d": lambda: F.lp_pool1d(x(2, 3, 9), 3, 2, 1, True),
        "lp 1d infinite": lambda: F.lp_pool1d(x(2, 3, 9), float("inf"), 2),
        "lp 2d minus infinite": lambda: F.lp_pool2d(x(3, 6, 7), -float("inf"), (2, 3)),
        "lp 3d": lambda: F.lp_pool3d(x(3, 4, 5, 6), 1.5, (2, 1, 3)),
        "unfold": lambda: F.unfold(x(2, 3, 5, 6), (2, 3), padding=1, stride=2),
        "fold": lambda: F.fold(x(2, 12, 12), (4, 5), (2, 2)),
        "conv same": lambda: F.conv2d(x(1, 4, 5, 6), x(6, 2, 3, 2), x(6), padding="same", groups=2),
        "conv valid": lambda: F.conv1d(x(4, 5), x(6, 4, 3), stride=2, padding="valid"),
        "conv tbc": lambda: F.conv_tbc(x(5, 2, 3), x(3, 3, 4), x(4), 1),
    },
    "loss": {
        "nll by position": lambda: F.nll_loss(x(3, 4), ids(1, 0, 2), torch.rand(4), None, -100, None, "sum"),
        "nll legacy": lambda: F.nll_loss(x(3, 4), ids(1, 0, 2), size_average=False),
        "cross entropy legacy": lambda: F.cross_entropy(x(3, 4), ids(1, 0, 2), reduce=False),
        "cross entropy by position": lambda: F.cross_entropy(x(3, 4), ids(1, 0, 2), None, None, 2, None, "sum", 0.1),
        "mse legacy": lambda: F.mse_loss(x(3, 4), torch.randn(3, 4), False),
        "mse of other size": lambda: F.mse_loss(x(3, 4), torch.randn(4)),
        "huber weighted": lambda: F.huber_loss(x(3, 4), torch.randn(3, 4), "mean", 0.5, torch.rand(3, 4)),
        "smooth l1 of beta 0": lambda: F.smooth_l1_loss(x(3, 4), torch.randn(3, 4), beta=0.0),
        "elementwise mean": lambda: F.l1_loss(x(3, 4), torch.randn(3, 4), reduction="elementwise_mean"),
        "bce weighted": lambda: F.binary_cross_entropy(unit(3, 4), torch.rand(3, 4), torch.rand(4)),
        "bce with logits": lambda: F.binary_cross_entropy_with_logits(
            x(3, 4), torch.rand(3, 4), torch.rand(4), pos_weight=torch.rand(4), reduction="sum"
        ),
        "kl legacy": lambda: F.kl_div(x(3, 4), torch.rand(3, 4), None, True),
        "poisson": lambda: F.poisson_nll_loss(x(3, 4), torch.rand(3, 4).mul(9), full=True),
        "poisson, no log": lambda: F.poisson_nll_loss(unit(3, 4), torch.rand(3, 4), False, eps=1e-3),
        "gaussian": lambda: F.gaussian_nll_loss(x(3, 4), torch.randn(3, 4), unit(3, 4), full=True),
        "gaussian, a number": lambda: F.gaussian_nll_loss(x(3, 4), torch.randn(3, 4), 0.5),
        "gaussian, rows": lambda: F.gaussian_nll_loss(x(3, 4), torch.randn(3, 4), unit(3), reduction="none"),
        "gaussian, a column": lambda: F.gaussian_nll_loss(x(3, 4), torch.randn(3, 4), unit(3, 1), True, 0.5, "sum"),
        "multilabel margin": lambda: F.multilabel_margin_loss(x(2, 4), torch.tensor([[3, 0, -1, 1], [1, -1, 0, 0]])),
        "soft margin": lambda: F.soft_margin_loss(x(3, 4), torch.randn(3, 4).sign(), reduction="none"),
        "multilabel soft margin": lambda: F.multilabel_soft_margin_loss(x(3, 4), torch.ones(3, 4), torch.rand(4)),
        "multilabel soft margin legacy": lambda: F.multilabel_soft_margin_loss(x(3, 4), torch.ones(3, 4), None, False),
        "multi margin": lambda: F.multi_margin_loss(x(3, 4), ids(1, 0, 2), 2, 0.5, torch.rand(4)),
        "hinge embedding": lambda: F.hinge_embedding_loss(x(5), torch.randn(5).sign(), 0.5),
        "triplet legacy": lambda: F.triplet_margin_loss(x(3, 4), x(3, 4), x(3, 4), 1.0, 1.0, reduce=False),
        "triplet with distance": lambda: F.triplet_margin_with_distance_loss(
            x(3, 4), x(3, 4), x(3, 4), distance_function=lambda a, b: 1 - F.cosine_similarity(a, b), swap=True
        ),
        "triplet with default distance": lambda: F.triplet_margin_with_distance_loss(
            x(3, 4), x(3, 4), x(3, 4), margin=0.5, reduction="sum"
        ),
        "ctc": lambda: F.ctc_loss(x(6, 2, 4).log_softmax(2), torch.tensor([[1, 2, 3], [3, 1, 1]]), [6, 5], [3, 2]),
        "ctc of tensors": lambda: F.ctc_loss(
            x(6, 2, 4).log_softmax(2), ids(1, 2, 3, 3, 1), ids(6, 5), ids(3, 2), reduction="none", zero_infinity=True
        ),
        "linear cross entropy": lambda: F.linear_cross_entropy(x(3, 4), x(5, 4), ids(1, 0, 2), linear_bias=x(5)),
        "linear cross entropy, more dims": lambda: F.linear_cross_entropy(
            x(3, 4), x(5, 2, 4), torch.tensor([[1, 0], [2, 4], [3, 3]]), label_smoothing=0.1, ignore_index=4
        ),
        "linear cross entropy in pieces": lambda: F.linear_cross_entropy(
            x(7, 4), x(9, 4), ids(1, 0, 2, 8, 7, 3, 3), linear_bias=x(9), weight=torch.rand(9), reduction="sum",
            options=torch.nn.LinearCrossEntropyOptions(batch_chunk_size=3, acc_policy="balanced"),
        ),  # fmt: skip
        "linear cross entropy in chosen pieces": lambda: F.linear_cross_entropy(
            x(7, 4, dtype=torch.bfloat16), x(9, 4, dtype=torch.bfloat16), ids(1, 0, 2, 8, 7, 3, 3),
            options=torch.nn.LinearCrossEntropyOptions(),
        ),  # fmt: skip
    },
    "layers": {
        "normalize out": lambda: F.normalize(torch.randn(3, 4), 2.0, 0, 1e-12, torch.empty(3, 4)),
        "batch norm": lambda: F.batch_norm(x(4, 3), torch.zeros(3), torch.ones(3), x(3), x(3), True),
        "batch norm, running": lambda: F.batch_norm(x(4, 3, 2), torch.randn(3), torch.rand(3)),
        "instance norm": lambda: F.instance_norm(x(2, 3, 4), weight=x(3), eps=0.1),
        "instance norm, running": lambda: F.instance_norm(
            x(2, 3, 4), torch.randn(3), torch.rand(3), use_input_stats=False
        ),
        "local response": lambda: F.local_response_norm(x(2, 5, 3), 3, 0.1, 0.5, 2.0),
        "local response of images": lambda: F.local_response_norm(x(2, 5, 3, 2), 2),
        "embedding max norm": lambda: F.embedding(ids(1, 2), torch.ones(4, 3), max_norm=0.5, norm_type=1.0),
        "embedding bag": lambda: F.embedding_bag(ids(1, 2, 4, 3), x(5, 3), ids(0, 3)),
        "embedding bag 2d": lambda: F.embedding_bag(
            torch.tensor([[1, 2], [0, 3]]), x(5, 3), mode="sum", per_sample_weights=unit(2, 2)
        ),
        "embedding bag max": lambda: F.embedding_bag(
            ids(1, 2, 4, 3), x(5, 3), ids(0, 3, 4), mode="max", include_last_offset=True, padding_idx=2
        ),
        "embedding bag max norm": lambda: F.embedding_bag(torch.tensor([[1, 2]]), torch.ones(4, 3), max_norm=0.5),
        "attention": lambda: attention(),
        "attention of itself": lambda: attention(alone=True),
        "attention, not averaged": lambda: attention(average_attn_weights=False, bias=False),
        "attention without weights": lambda: attention(need_weights=False, attn_mask=causal(), is_causal=True),
        "attention, unbatched": lambda: attention(batched=False, key_padding_mask=torch.tensor([False] * 3 + [True])),
        "attention with masks": lambda: attention(
            attn_mask=causal().float().mul(-2), key_padding_mask=torch.eye(4)[:3].mul(-1), need_weights=False
        ),
        "attention of parts": lambda: attention_of_parts(),
        "attention of parts, evaluated": lambda: attention_of_parts(training=False, need_weights=False),
        "grouped mm": lambda: F.grouped_mm(
            x(8, 16, dtype=torch.bfloat16), x(2, 16, 8, dtype=torch.bfloat16), offs=torch.tensor([4, 8]).int()
        ),
    },
    "vision": {
        "nearest": lambda: F.interpolate(x(1, 2, 4), 7),
        "nearest exact": lambda: F.interpolate(x(1, 2, 4, 5), scale_factor=(1.5, 0.6), mode="nearest-exact"),
        "linear": lambda: F.interpolate(x(1, 2, 4), scale_factor=1.7, mode="linear", align_corners=True),
        "bilinear": lambda: F.interpolate(x(1, 2, 4, 5), (7, 3), mode="bilinear", antialias=True),
        "bicubic": lambda: F.interpolate(
            x(1, 2, 4, 5), scale_factor=1.3, mode="bicubic", recompute_scale_factor=True
        ),
        "bicubic, smooth": lambda: F.interpolate(x(1, 2, 9, 8), (3, 4), mode="bicubic", antialias=True),
        "lanczos": lambda: F.interpolate(torch.randn(1, 2, 9, 8), (3, 4), mode="lanczos", antialias=True),
        "trilinear": lambda: F.interpolate(x(1, 2, 3, 4, 5), (4, 3, 6), None, "trilinear", False),
        "area": lambda: F.interpolate(x(1, 2, 4, 5), scale_factor=0.6, mode="area"),
        "upsample": lambda: F.upsample(x(1, 2, 4, 5), None, 2, "bilinear", True),
        "upsample nearest": lambda: F.upsample_nearest(x(1, 2, 4), 6),
        "upsample bilinear": lambda: F.upsample_bilinear(x(1, 2, 4, 5), scale_factor=2),
        "grid sample": lambda: F.grid_sample(x(1, 2, 4, 5), x(1, 3, 3, 2), "bicubic", "reflection", False),
        "grid sample of volumes": lambda: F.grid_sample(x(1, 2, 3, 4, 5), x(1, 2, 2, 2, 3), padding_mode="border"),
        "affine grid": lambda: F.affine_grid(x(1, 2, 3), [1, 2, 3, 4], align_corners=True),
        "affine grid of volumes": lambda: F.affine_grid(x(1, 3, 4), [1, 2, 2, 3, 4]),
        "pixel shuffle": lambda: F.pixel_unshuffle(F.pixel_shuffle(x(4, 2, 3), 2), 2),
        "channel shuffle": lambda: F.channel_shuffle(x(1, 4, 2, 2), 2),
        "native channel shuffle": lambda: F.native_channel_shuffle(torch.randn(1, 4, 2, 2), 2),
        "pad": lambda: F.pad(x(1, 2, 3), pad=(2, 1), mode="replicate"),
        "pdist": lambda: F.pdist(x(4, 3), 1.5),
    },
}

p = torch.ones

ERRORS = {
    "dropout": lambda: F.dropout(p(3), 1.5),
    "glu": lambda: F.glu(p(())),
    "hardtanh": lambda: F.hardtanh(p(3), 1.0, 0.0),
    "fractional": lambda: F.fractional_max_pool2d(p(1, 4, 4), 2),
    "fractional ratio": lambda: F.fractional_max_pool2d(p(1, 4, 4), 2, output_ratio=(0.5, 0.5, 0.5)),
    "unpool size": lambda: F.max_unpool1d(p(1, 1, 4), p(1, 1, 4).long(), 2, output_size=[3]),
    "unpool sizes": lambda: F.max_unpool1d(p(1, 1, 4), p(1, 1, 4).long(), 2, output_size=[3, 3]),
    "unpool negative": lambda: F.max_unpool1d(p(1, 1, 1), p(1, 1, 1).long(), 1, padding=2),
    "adaptive": lambda: F.adaptive_avg_pool2d(p(2, 2), (1, 2)),
    "embedding": lambda: F.embedding(ids(0), p(3, 2), padding_idx=3),
    "embedding bag mode": lambda: F.embedding_bag(ids(0), p(3, 2), ids(0), mode="min"),
    "embedding bag 3d": lambda: F.embedding_bag(p(1, 1, 1).long(), p(3, 2)),
    "embedding bag offsets": lambda: F.embedding_bag(ids(0), p(3, 2)),
    "embedding bag two": lambda: F.embedding_bag(p(1, 1).long(), p(3, 2), ids(0)),
    "embedding bag weights": lambda: F.embedding_bag(ids(0), p(3, 2), ids(0), per_sample_weights=p(1)),
    "embedding bag weights of other shape": lambda: F.embedding_bag(
        ids(0), p(3, 2), ids(0), per_sample_weights=p(2), mode="sum"
    ),
    "embedding bag max": lambda: F.embedding_bag(ids(0), p(3, 2), ids(0), mode="max", sparse=True),
    "batch norm": lambda: F.batch_norm(p(1, 2), None, None, training=True),
    "batch norm eps": lambda: F.batch_norm(p(2, 2), None, None, training=True, eps=0.0),
    "batch norm negative eps": lambda: F.batch_norm(p(2, 2), p(2), p(2), eps=-1.0),
    "instance norm": lambda: F.instance_norm(p(2, 2, 1)),
    "group norm": lambda: F.group_norm(p(1, 2), 2),
    "local response": lambda: F.local_response_norm(p(2, 2), 2),
    "reduction": lambda: F.nll_loss(p(1, 2), ids(0), reduction="middle"),
    "poisson": lambda: F.poisson_nll_loss(p(2), p(2), reduction="middle"),
    "gaussian": lambda: F.gaussian_nll_loss(p(2), p(2), -p(2)),
    "gaussian shape": lambda: F.gaussian_nll_loss(p(2, 2), p(2, 2), p(2, 3)),
    "gaussian reduction": lambda: F.gaussian_nll_loss(p(2), p(2), p(2), reduction="middle"),
    "bce": lambda: F.binary_cross_entropy(p(2), p(3)),
    "bce with logits": lambda: F.binary_cross_entropy_with_logits(p(2), p(3)),
    "l1 weight": lambda: F.l1_loss(p(2), p(2), weight=p(3)),
    "l1 weighted reduction": lambda: F.l1_loss(p(2), p(2), weight=p(2), reduction="middle"),
    "margin ranking": lambda: F.margin_ranking_loss(p(2), p(2), p(2, 1)),
    "multi margin": lambda: F.multi_margin_loss(p(1, 2), ids(0), p=3),
    "multi margin weight": lambda: F.multi_margin_loss(p(1, 2), ids(0), weight=p(1, 2)),
    "triplet with distance": lambda: F.triplet_margin_with_distance_loss(p(2), p(2), p(2, 1)),
    "triplet with distance margin": lambda: F.triplet_margin_with_distance_loss(p(2), p(2), p(2), margin=-1.0),
    "linear cross entropy": lambda: F.linear_cross_entropy(p(2, 3), p(4, 2), ids(0, 1)),
    "linear cross entropy bias": lambda: F.linear_cross_entropy(p(2, 3), p(4, 3), ids(0, 1), linear_bias=p(3)),
    "interpolate": lambda: F.interpolate(p(1, 1, 2)),
    "interpolate both": lambda: F.interpolate(p(1, 1, 2), 2, 2),
    "interpolate sizes": lambda: F.interpolate(p(1, 1, 2), [2, 3]),
    "interpolate factors": lambda: F.interpolate(p(1, 1, 2), scale_factor=[2.0, 3.0]),
    "interpolate corners": lambda: F.interpolate(p(1, 1, 2), 2, align_corners=True),
    "interpolate mode": lambda: F.interpolate(p(1, 1, 2), 2, mode="bilinear"),
    "interpolate unknown": lambda: F.interpolate(p(1, 1, 2), 2, mode="cubic"),
    "interpolate smooth": lambda: F.interpolate(p(1, 1, 2), 2, antialias=True),
    "lanczos": lambda: F.interpolate(p(1, 1, 2, 2), 2, mode="lanczos"),
    "grid sample": lambda: F.grid_sample(p(1, 1, 2, 2), p(1, 1, 1, 2), mode="linear"),
    "grid sample padding": lambda: F.grid_sample(p(1, 1, 2, 2), p(1, 1, 1, 2), padding_mode="ones"),
    "affine grid": lambda: F.affine_grid(p(1, 2, 2), [1, 1, 2, 2]),
    "affine grid size": lambda: F.affine_grid(p(1, 2, 3), [1, 1, 2]),
    "affine grid empty": lambda: F.affine_grid(p(1, 2, 3), [1, 1, 0, 2]),
    "affine grid dtype": lambda: F.affine_grid(p(1, 2, 3).long(), [1, 1, 2, 2]),
    "attention": lambda: attention(heads=4),
    "attention causal": lambda: attention(is_causal=True),
    "attention mask": lambda: attention(attn_mask=p(2, 2)),
    "attention key mask": lambda: attention(key_padding_mask=p(4)),
}


def record(function):
    torch.manual_seed(99)
    leaves.clear()
    results = tensors(function())
    known = [result for result in results if result.requires_grad]
    if known:
        torch.autograd.backward(
            known,
            [torch.linspace(0.5, 1.5, result.numel()).reshape(result.shape).to(result.dtype) for result in known],
        )
    gradients = [leaf.grad for leaf in leaves if leaf.grad is not None]
    return [show_bits(value) for value in [*results, *gradients, torch.rand(2)]]


def show_bits(value):
    value = value.detach()
    if value.dtype == torch.bfloat16:  # which numpy lacks
        return f"bfloat16 {bits(value.view(torch.int16))}"
    return bits(value)


def names():
    """The public functions; those that PyTorch imports or uses inside are none."""
    inner = ("assert_int_or_pair", "boolean_dispatch", "handle_torch_function")
    found = [name for name in dir(F) if not name.startswith(("_", "has_torch_function")) and name not in inner]
    foreign = ("typing", "collections.abc")
    return [
        name
        for name in found
        if callable(getattr(F, name))
        and not isinstance(getattr(F, name), type)
        and getattr(getattr(F, name), "__module__", None) not in foreign
    ]


section = sys.argv[1]
if section == "names":
    show(names())
elif section == "errors":
    show({name: error_of(function) for name, function in ERRORS.items()})
else:
    show({name: record(function) for name, function in CASES[section].items()})
