package qrimage
import ("testing";"strings";"fmt"; "github.com/skip2/go-qrcode")
var texts = func() []string { var o []string; for i:=0;i<1024;i++ { o=append(o, "VN1:"+strings.Repeat(fmt.Sprintf("%05dAB$%%CD./-+:XYZ",i),21)[:390])}; return o}()
func BenchmarkA_theirBitmap(b *testing.B){ b.ReportAllocs(); for i:=0;b.Loop();i++ { q,_:=qrcode.New(texts[i%1024],qrcode.Medium); q.Bitmap() } }
func BenchmarkA_newOnly(b *testing.B){ for i:=0;b.Loop();i++ { qrcode.New(texts[i%1024],qrcode.Medium) } }
func BenchmarkA_ours(b *testing.B){ for i:=0;b.Loop();i++ { Draw(texts[i%1024],0) } }
func BenchmarkA_theirPNG(b *testing.B){ n:=0;for i:=0;b.Loop();i++ { q,_:=qrcode.New(texts[i%1024],qrcode.Medium); p,_:=q.PNG(-8);n=len(p) };b.ReportMetric(float64(n),"bytes") }
func BenchmarkA_ourPNG(b *testing.B){ n:=0;for i:=0;b.Loop();i++ { s,_:=Draw(texts[i%1024],0); n=len(s.PNG(8)) };b.ReportMetric(float64(n),"bytes") }
