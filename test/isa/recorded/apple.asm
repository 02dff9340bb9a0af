   0: f2053300               mov      $r1, thread_index_in_threadgroup
   4: 0e09002064002000       iadd     r2, 0, r1.sx, lsl 4
   c: 62000000               ldimm    r0l, 0
 1f0: 7e71a8098004           mov      r28, u52
 1f6: 7e75a8098004           mov      r29, u52
 1fc: 520d7a020000           while    r29, 0, 1, ine
 202: 20c0700c0000           jmp_none 3184
 208: 522cb4421900           while    $r26, u10, 1, ult
 20e: 20c0640c0000           jmp_none 3172
 3f6: 29b10102f4000010       lstore   r44_r45_r46_r47, r0h, 0, i32, xyzw
 52a: 29a10802f4000014       lstore   r40_r41_r42_r43, r36l, 0, i32, xyzw
 65e: 29a10802f4000014       lstore   r40_r41_r42_r43, r36l, 0, i32, xyzw
 790: 29a13a02f4000010       lstore   r40_r41_r42_r43, r29l, 0, i32, xyzw
 922: 29910002f4000014       lstore   r36_r37_r38_r39, r32l, 0, i32, xyzw
 a68: 29910002f4000014       lstore   r36_r37_r38_r39, r32l, 0, i32, xyzw
 bae: 29910002f4000014       lstore   r36_r37_r38_r39, r32l, 0, i32, xyzw
 cf2: 29813a02f4000010       lstore   r32_r33_r34_r35, r29l, 0, i32, xyzw
 d02: 7e79a8098004           mov      r30, u52
 d08: 7e7da8098004           mov      r31, u52
 d0e: 7e01a8098014           mov      r32, u52
 d14: 420800000000           if       0.0, 0.0, 1, feq
 d1a: 520d40020004           while    r32, 0, 1, ine
 d20: 8e01944d67100000       isub     $r32, u10.sx, r26.sx
 d28: 12812000242001241011   csel     r32, 32, r32, 32, r32, ult
 d32: 522cba022401           while    $r29, r32, 1, ult
 d38: 8e0100a0eb101000       iadd     $r32, 0, $r29.sx, lsl 3
 d40: 8e05804664140000       iadd     $r33, $r32.sx, r2.sx
 d48: 928542f20342f0337017   csel     $r33, r33, 255, r33, 255, ult
 d52: 0e05ac2564152000       iadd     r33, u54.sx, r33.sx, lsl 4
 d5a: 69910202f4000014       lload    r36_r37_r38_r39, r33l, 0, i32, xyzw
 d62: fe0546a29b11           and      $r33, r3, u61
 d68: 8e01402664150000       iadd     $r32, r32.sx, r33.sx
 d70: 928140f20340f0337017   csel     $r32, r32, 255, r32, 255, ult
 d7a: 0e01000064112000       iadd     r32, 0, r32.sx, lsl 4
 d82: 69a10002f4000014       lload    r40_r41_r42_r43, r32l, 0, i32, xyzw
 d8a: 3ad98802296c0205       ffma     r22, $r36, $r40, r22
 d92: 3add8a02296e0205       ffma     r23, $r37, $r40, r23
 d9a: 3ae18c0229700205       ffma     r24, $r38, $r40, r24
 da2: 3ae58e0225720205       ffma     r25, $r39, r40, r25
 daa: 3ac9882229640205       ffma     r18, $r36, $r41, r18
 db2: 3acd8a2229660205       ffma     r19, $r37, $r41, r19
 dba: 3ad18c2229680205       ffma     r20, $r38, $r41, r20
 dc2: 3ad58e22256a0205       ffma     r21, $r39, r41, r21
 dca: 3ab98842295c0205       ffma     r14, $r36, $r42, r14
 dd2: 3abd8a42295e0205       ffma     r15, $r37, $r42, r15
 dda: 3ac18c4229600205       ffma     r16, $r38, $r42, r16
 de2: 3ac58e4225620205       ffma     r17, $r39, r42, r17
 dea: 3aa9486229540205       ffma     r10, r36, $r43, r10
 df2: 3aad4a6229560205       ffma     r11, r37, $r43, r11
 dfa: 3ab14c6229580205       ffma     r12, r38, $r43, r12
 e02: 3ab54e62255a0205       ffma     r13, r39, r43, r13
 e0a: 9281bc02000101100010   csel     $r32, $r30, 0, 1, 0, ieq
 e14: 8e7d7e0e64010000       isub     $r31, r31.sx, r32.sx
 e1c: 8e797c1e00000000       isub     $r30, r30.sx, 1
 e24: 12817ec2277ec0470010   csel     r32, r31, r30, r31, r30, ugt
 e2e: 0e757a1600000000       iadd     r29, r29.sx, 1
 e36: 00c0e4feffff           jmp_any  -284
 e3c: 520e00000000           pop_exec 1
 e42: 6800                   barrier
 e44: 9275b60200010110       csel     $r29, $r27, 0, 1, 0, ieq
 e4c: 8e7178ae67000000       isub     $r28, r28.sx, r29.sx
 e54: 8e6d761e00000000       isub     $r27, r27.sx, 1
 e5c: 1275786227786047       csel     r29, r28, r27, r28, r27, ugt
 e64: 0e69740602000000       iadd     r26, r26.sx, 32
 e6c: 00c090f3ffff           jmp_any  -3184
 e72: 520e00000000           pop_exec 1
1096: 8800                   stop
