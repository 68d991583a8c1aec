"""Asking for memory before it is needed."""

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic


@intrinsic
def prefetch(_typing_context, array, at):  # type: ignore[no-untyped-def]
    """Ask for the cache line of `array[at]`, where `at` is the last index and earlier ones are 0; changes nothing.

    A day touches few people, here and there: what one of them needs is on its way while the one before is at work.
    """

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        kind = signature.args[0]
        held = context.make_array(kind)(context, builder, arguments[0])
        index = context.cast(builder, arguments[1], signature.args[1], types.intp)
        zero = context.get_constant(types.intp, 0)
        indices = [zero] * (kind.ndim - 1) + [index]
        shape, strides = cgutils.unpack_tuple(builder, held.shape), cgutils.unpack_tuple(builder, held.strides)
        address = cgutils.get_item_pointer2(
            context, builder, held.data, shape, strides, kind.layout, indices, boundscheck=False
        )
        pointer = builder.bitcast(address, cgutils.voidptr_t)
        word = ir.IntType(32)
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word]), "llvm.prefetch.p0i8"
        )
        builder.call(function, [pointer, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(array, at), generate
