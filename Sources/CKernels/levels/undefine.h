// Ends an instance of the templates.
// First the names that templates give to their own functions of one instance, then what the file of a level sets.
// Undefining what is not defined is allowed, so one list serves every kind of instance.
#undef vec
#undef ints
#undef wide
#undef load
#undef store
#undef splat
#undef fma
#undef choose
#undef exp2
#undef gate
#undef gates
#undef careful_gate
#undef transposed_sums
#undef PRE
#undef logistic
#undef hyperbolic
#undef load_part
#undef store_part
#undef TILE_HEIGHT
#undef OVER_ROWS
#undef KEPT_GATES
#undef NAME
#undef GLUE
#undef GLUE2
#undef PAIRS
#undef SUFFIX
#undef LANES
#undef TWO_ROWS
#undef EXP2_TABLE
#undef FUSED
#undef FORWARD_GROUP
#undef BACKWARD_GROUP
