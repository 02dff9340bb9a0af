l80:
cmps.u.ge up0.y, r51.w, c8.z
(ss)br p0.y, #l241
stl.u32 l[r9.z], r20.x, 4
stl.u32 l[r9.z+128], r20.y, 4
stl.u32 l[r9.z+256], r20.z, 4
stl.u32 l[r9.z+384], r14.x, 4
stl.u32 l[r10.z], r21.w, 4
stl.u32 l[r10.w], r22.w, 4
stl.u32 l[r11.x], r1.x, 4
stl.u32 l[r11.y], r2.z, 4
l194:
sub.u r55.x, c8.z, r51.w
min.u r55.x, 32, r55.x
cmps.u.ge up0.y, r54.y, r55.x
(ss)br p0.y, #l229
shl.b r55.y, r54.y, 3
cmps.s.eq hr48.x, r54.z, 0
add.u r54.y, r54.y, 1
cov.u16s32 r48.y, hr48.x
add.u r54.z, r54.z, -1
sub.u r54.w, r54.w, r48.y
max.u r48.z, r54.w, r54.z
cmps.s.eq up0.y, r48.z, 0
(ss)(rpt1)add.u r3.z, r55.y, (r)r0.x
nop
(rpt1)min.u r3.z, (last)(r)r3.z, 255
nop
(rpt1)shl.b r3.z, (last)(r)r3.z, 4
nop
(nop3) add.u r3.z, c12.z, (last)r3.z
(rpt1)nop
ldl.u32 r9.y, l[r3.z], 4
ldl.u32 r10.y, l[r3.w], 4
(ss)(rpt1)mad.f32 r5.y, (r)r9.y, r11.x, (r)(last)r5.y
(rpt1)mad.f32 r5.w, (r)r9.w, r11.x, (r)(last)r5.w
(rpt1)mad.f32 r6.y, (r)r9.y, r10.w, (r)(last)r6.y
(rpt1)mad.f32 r6.w, (r)r9.w, r10.w, (r)(last)r6.w
mad.f32 r7.y, r9.y, r10.z, (last)r7.y
mad.f32 r8.y, (last)r9.y, r10.y, (last)r8.y
mad.f32 r7.z, r9.z, r10.z, (last)r7.z
mad.f32 r8.z, (last)r9.z, r10.y, (last)r8.z
mad.f32 r7.w, r9.w, r10.z, (last)r7.w
(rpt1)mad.f32 r8.w, (r)r9.w, r10.y, (r)(last)r8.w
mad.f32 r8.x, (last)r10.x, r10.z, (last)r8.x
br p0.y, #l229
jump #l194
l229:
cmps.s.eq hr49.z, r52.x, 0
add.u r51.w, r51.w, 32
cov.u16s32 r49.x, hr49.z
add.u r52.x, r52.x, -1
sub.u r52.y, r52.y, r49.x
max.u r49.y, r52.y, r52.x
cmps.s.eq up0.y, r49.y, 0
fence.r.w
(sy)(ss)nop
bar.g
(sy)(ss)br p0.y, #l241
jump #l80
l241:
end
