block.u 11 L30 [10, 18] -> {
                bra !up0 L34
} -> [12, 13]
block.u 12 L33 [11] -> {
                bra pT L32
} -> [20]
block.u 13 L34 [11] -> {
                st.shared.strong.cta.b128 [r22.x16] r28..32
                st.shared.strong.cta.b128 [r22.x16+0x80] r32..36
                st.shared.strong.cta.b128 [r22.x16+0x100] r36..40
                st.shared.strong.cta.b128 [r22.x16+0x180] r40..44
                st.shared.strong.cta.b128 [r21.x16+0x1000] r28..32
                st.shared.strong.cta.b128 [r21.x16+0x1080] r28..32
                st.shared.strong.cta.b128 [r21.x16+0x1100] r28..32
                st.shared.strong.cta.b128 [r21.x16+0x1180] r24..28
} -> [14]
block.u 14 L35 [13, 16] -> {
      up0     = isetp.ge.u32 ur17 ur16
                bra !up0 L39
} -> [15, 16]
block.u 15 L38 [14] -> {
                bra pT L37
} -> [18]
block.u 16 L39 [14] -> {
      r21     = mov ur17
      r21     = lea r21 3 r0
      r21     = imnmx.u32 r21 0xff pT
      r24..28 = ld.shared.strong.cta.b128 [r21.x16+0x1000], pT
      r21     = mov ur17
      r21     = lea r21 3 r3
      r21     = imnmx.u32 r21 0xff pT
      r28..32 = ld.shared.strong.cta.b128 [r21.x16], pT
      up0     = isetp.eq.i32 ur15 rZ
      ur19    = sel !up0 rZ 0x1
      ur18    = iadd3 ur18 -ur19 rZ
      ur15    = iadd3 ur15 0xffffffff rZ
      r21     = mov ur18
      r21     = imnmx.u32 r21 ur15 pF
      ur19    = r2ur r21
      r17     = ffma.ftz r24 r28 r17
      r18     = ffma.ftz r25 r28 r18
      r19     = ffma.ftz r26 r28 r19
      r20     = ffma.ftz r27 r28 r20
      r13     = ffma.ftz r24 r29 r13
      r14     = ffma.ftz r25 r29 r14
      r15     = ffma.ftz r26 r29 r15
      r16     = ffma.ftz r27 r29 r16
      r9      = ffma.ftz r24 r30 r9
      r10     = ffma.ftz r25 r30 r10
      r11     = ffma.ftz r26 r30 r11
      ur17    = iadd3 ur17 0x1 rZ
      up0     = isetp.eq.i32 ur19 rZ
      r12     = ffma.ftz r27 r30 r12
      r5      = ffma.ftz r24 r31 r5
      r6      = ffma.ftz r25 r31 r6
      r7      = ffma.ftz r26 r31 r7
      r8      = ffma.ftz r27 r31 r8
                bra !up0 L35
} -> [17, 14]
block.u 17 L41 [16] -> {
} -> [18]
block.u 18 L37 [15, 17] -> {
                bar.sync
                nop
      up0     = isetp.eq.i32 ur7 rZ
      ur15    = sel !up0 rZ 0x1
      ur14    = iadd3 ur14 -ur15 rZ
      ur7     = iadd3 ur7 0xffffffff rZ
      r21     = mov ur14
      r21     = imnmx.u32 r21 ur7 pF
                membar.sc..cta
                nop
      ur15    = r2ur r21
      ur13    = iadd3 ur13 0x20 rZ
      up0     = isetp.eq.i32 ur15 rZ
                bra !up0 L30
} -> [19, 11]
block.u 19 L43 [18] -> {
} -> [20]
block.u 20 L32 [12, 19] -> {
                exit
} -> []
