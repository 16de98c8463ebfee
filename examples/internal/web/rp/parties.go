package rp

import (
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// party is a relying party of the list: what the agency would have registered of it.
type party struct {
	id       string
	name     ui.Text
	about    ui.Text
	class    platform.ClientClass
	provider string // the licensed provider, of those who need one

	fapi     bool // keys, pushed requests and bound tokens; else a secret and OpenID Connect
	scopes   []string
	services []platform.Service
	old      bool // has accounts of its own from before VNeID
	asks     *asks
	login    platform.LoginPurpose
}

// asks is what a party asks people's documents for.
type asks struct {
	purpose   share.Purpose
	retention int
	documents []share.Want
}

// standIn is at the end of every name: none of them is the real body.
const standIn = " (mô phỏng)"

// provider is the licensed provider of the businesses (Decree 69/2024 Art. 22).
const provider = "Đơn vị cung cấp dịch vụ xác thực điện tử Mẫu" + standIn

func parties() []party {
	return []party{
		{
			id: "national-portal", name: ui.Text{Vi: "Cổng Dịch vụ công quốc gia" + standIn, En: "National Public Service Portal (stand-in)"},
			about: ui.Text{Vi: "tài khoản cũ đến hết 30/06/2024, sau đó chỉ VNeID; liên kết tài khoản", En: "its own accounts until 30/06/2024, then VNeID alone; linking"},
			login: platform.LoginPurpose{Vi: "Nộp hồ sơ dịch vụ công, nhận thông báo và kết quả", En: "To file with public bodies, and to be told of the results", RetentionDays: 1825},
			class: platform.ClassState, scopes: []string{"profile", "vneid:id", "vneid:card"}, old: true,
			services: []platform.Service{platform.ServiceRequests, platform.ServiceNotifications},
		},
		{
			id: "public-security", name: ui.Text{Vi: "Cổng Dịch vụ công Bộ Công an" + standIn, En: "Ministry of Public Security portal (stand-in)"},
			about: ui.Text{Vi: "đăng nhập bằng khóa (FAPI 2.0), trang cần tài khoản mức độ 2", En: "logs in by keys (FAPI 2.0), a page for account level 2"},
			login: platform.LoginPurpose{Vi: "Nộp hồ sơ cư trú, căn cước, xuất nhập cảnh và theo dõi kết quả", En: "To file about residence, identity cards and passports, and to follow the results", RetentionDays: 1825},
			class: platform.ClassState, fapi: true, scopes: []string{"profile", "vneid:id", "vneid:card"},
		},
		{
			id: "social-security", name: ui.Text{Vi: "Bảo hiểm xã hội Việt Nam" + standIn, En: "Viet Nam Social Security (stand-in)"},
			about: ui.Text{Vi: "hỏi thẻ BHYT và quá trình đóng BHXH để giải quyết chế độ", En: "asks for health and social insurance to decide on a benefit"},
			login: platform.LoginPurpose{Vi: "Tra cứu và giải quyết chế độ BHXH, BHYT của bạn", En: "To look up and settle your social and health insurance", RetentionDays: 1825},
			class: platform.ClassPublicService, fapi: true, scopes: []string{"profile", "vneid:id"},
			asks: &asks{purpose: share.Purpose{Code: "benefit", VI: "Giải quyết chế độ bảo hiểm", EN: "Deciding on an insurance benefit"}, retention: 90, documents: []share.Want{
				{Kind: document.Identity, Claims: []share.Claim{{Name: "name"}, {Name: "birth"}, {Name: "id", Optional: true}}},
				{Kind: document.HealthInsurance, Optional: true, Claims: []share.Claim{{Name: "number"}, {Name: "valid_from", Optional: true}}},
				{Kind: document.SocialInsurance, Optional: true, Claims: []share.Claim{{Name: "number"}, {Name: "periods", Optional: true}}},
			}},
		},
		{
			id: "ministry", name: ui.Text{Vi: "Cổng Dịch vụ công Bộ Mẫu" + standIn, En: "A ministry's portal (stand-in)"},
			about: ui.Text{Vi: "đổi giấy phép lái xe: hỏi giấy phép và nơi cư trú", En: "exchanges a licence: asks for the licence and the residence"},
			login: platform.LoginPurpose{Vi: "Nộp hồ sơ đổi giấy phép lái xe và theo dõi kết quả", En: "To file for the exchange of a driving licence, and to follow it", RetentionDays: 365},
			class: platform.ClassState, fapi: true, scopes: []string{"profile", "vneid:id"},
			asks: &asks{purpose: share.Purpose{Code: "licence-exchange", VI: "Đổi giấy phép lái xe", EN: "Exchange of a driving licence"}, retention: 30, documents: []share.Want{
				{Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}, {Name: "classes"}, {Name: "expires", Optional: true}, {Name: "points", Optional: true}}, Predicates: []share.Predicate{share.AgeAtLeast(18)}},
				{Kind: document.Residence, Optional: true, Claims: []share.Claim{{Name: "province"}, {Name: "commune", Optional: true}}},
			}},
		},
		{
			id: "union", name: ui.Text{Vi: "Tổ chức chính trị – xã hội Mẫu" + standIn, En: "A socio-political organisation (stand-in)"},
			about: ui.Text{Vi: "chỉ đăng nhập, tài khoản mức độ 1 là đủ", En: "logs people in, account level 1 will do"},
			login: platform.LoginPurpose{Vi: "Tham gia sinh hoạt, lấy ý kiến của tổ chức", En: "To take part in the organisation, and in its polls", RetentionDays: 365},
			class: platform.ClassPolitical, scopes: []string{"profile"},
		},
		{
			id: "bank", name: ui.Text{Vi: "Ngân hàng Mẫu" + standIn, En: "A bank (stand-in)"},
			about: ui.Text{Vi: "mở tài khoản: hỏi căn cước điện tử, nơi cư trú, mã số thuế", En: "opens an account: asks for the eID, the residence, the tax code"},
			login: platform.LoginPurpose{Vi: "Mở tài khoản và nhận ra chủ tài khoản khi giao dịch", En: "To open an account, and to know its holder afterwards", RetentionDays: 365},
			class: platform.ClassBusiness, provider: provider, fapi: true, scopes: []string{"profile", "vneid:id"},
			asks: &asks{purpose: share.Purpose{Code: "account-opening", VI: "Mở tài khoản ngân hàng", EN: "Opening a bank account"}, retention: 365, documents: []share.Want{
				{Kind: document.ElectronicID, Claims: []share.Claim{{Name: "id"}, {Name: "name"}, {Name: "birth"}, {Name: "sex", Optional: true}, {Name: "nationality", Optional: true}}, Predicates: []share.Predicate{share.AgeAtLeast(18)}},
				{Kind: document.Residence, Claims: []share.Claim{{Name: "province"}, {Name: "commune"}, {Name: "permanent", Optional: true}}},
				{Kind: document.TaxCode, Optional: true, Claims: []share.Claim{{Name: "number"}}},
			}},
		},
		{
			id: "hotel", name: ui.Text{Vi: "Khách sạn Mẫu" + standIn, En: "A hotel (stand-in)"},
			about: ui.Text{Vi: "nhận phòng: hỏi họ tên và số định danh, gửi thông báo lưu trú", En: "checks guests in: asks who they are, notifies the stay"},
			login: platform.LoginPurpose{Vi: "Nhận phòng và thông báo lưu trú của bạn", En: "To check you in, and to notify your stay", RetentionDays: 30},
			class: platform.ClassBusiness, provider: provider, fapi: true, scopes: []string{"profile", "vneid:id"}, services: []platform.Service{platform.ServiceStays},
			asks: &asks{purpose: share.Purpose{Code: "check-in", VI: "Nhận phòng và thông báo lưu trú", EN: "Checking in, and notifying the stay"}, retention: 30, documents: []share.Want{
				{Kind: document.Identity, Claims: []share.Claim{{Name: "name"}, {Name: "id"}, {Name: "birth", Optional: true}}},
			}},
		},
	}
}

// level is the account level that the party's request needs: 1 suffices to say who
// somebody is.
func (a *asks) level() int {
	for _, d := range a.documents {
		if d.Kind != document.Identity {
			return 2
		}
	}
	return 1
}
