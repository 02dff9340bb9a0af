LABEL0:
add(1)          g1<1>D          g1<0,1,0>D      1D                              { align1 1N I@1 };
send(16)        nullUD          g40UD           g42UD           0x0000000000000000                a0.4<0>UD
                            slm MsgDesc: ( store_cmask, a32, d32, V4, L1STATE_L3MOCS dst_len = 0 ) base_offset 0
LABEL1:
add(16)         g2<1>D          g2<1,1,0>D      16D                             { align1 1H I@1 };
send(16)        g20UD           g2UD            nullUD          0x0240f502                0x00000000
                            slm MsgDesc: ( load_cmask, a32, d32, V4, L1STATE_L3MOCS dst_len = 8 ) base_offset 0
sync nop(16)                    null<0,1,0>UB                                   { align1 1H $1.dst };
mad(16)         g30<1>F         g30<1,1,0>F     g20<1,1,0>F     g28.0<0,0,0>F   { align1 1H F@1 };
mad(16)         g32<1>F         g32<1,1,0>F     g22<1,1,0>F     g28.0<0,0,0>F   { align1 1H F@1 };
cmp.l.f0.0(16)  null<1>UD       g2<1,1,0>UD     g3<1,1,0>UD                     { align1 1H I@1 };
(+f0.0) while(16) JIP:  LABEL1                                                  { align1 1H };
(+f0.0) while(16) JIP:  LABEL0                                                  { align1 1H };
send(16)        nullUD          g126UD          nullUD          0x02000000                0x00000000
                            gateway MsgDesc: (end of thread)  mlen 1 ex_mlen 0 rlen 0 { align1 1H EOT };
