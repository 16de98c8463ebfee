// Package words has what several areas of the reference platform's pages call things, in
// both languages: scopes and claims, documents and filings, states and notices.
package words

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
)

// Of looks a word up and falls back to the word itself.
func Of[K ~string](table map[K]ui.Text, key K) ui.Text {
	if t, ok := table[key]; ok {
		return t
	}
	return ui.Text{Vi: string(key), En: string(key)}
}

// Scopes are what a login may bring.
var Scopes = map[string]ui.Text{
	"openid":     {Vi: "Xác nhận bạn đã đăng nhập", En: "That you have logged in"},
	"profile":    {Vi: "Thông tin cơ bản", En: "Basic facts"},
	"phone":      {Vi: "Số điện thoại", En: "Telephone number"},
	"email":      {Vi: "Thư điện tử", En: "E-mail address"},
	"vneid:id":   {Vi: "Số định danh cá nhân", En: "Personal identification number"},
	"vneid:card": {Vi: "Thông tin thẻ căn cước và các số cũ", En: "Card and former numbers"},
}

// Claims are the claims behind the scopes.
var Claims = map[string]ui.Text{
	"sub":                   {Vi: "mã riêng của bạn tại đơn vị này", En: "a name for you at this party alone"},
	"name":                  {Vi: "họ và tên", En: "full name"},
	"birthdate":             {Vi: "ngày sinh", En: "date of birth"},
	"gender":                {Vi: "giới tính", En: "sex"},
	"verified_by":           {Vi: "cơ sở dữ liệu đã xác nhận và thời điểm", En: "which database confirmed it, and when"},
	"nationality":           {Vi: "quốc tịch", En: "nationality"},
	"ethnicity":             {Vi: "dân tộc", En: "ethnic group"},
	"religion":              {Vi: "tôn giáo", En: "religion"},
	"citizen_id":            {Vi: "số định danh cá nhân", En: "personal identification number"},
	"foreigner_id":          {Vi: "số định danh của người nước ngoài", En: "foreigner's number"},
	"old_id":                {Vi: "số CMND cũ", En: "old identity card number"},
	"former_ids":            {Vi: "số định danh đã hủy", En: "cancelled numbers"},
	"place_of_origin":       {Vi: "quê quán", En: "place of origin"},
	"residence":             {Vi: "nơi cư trú", En: "residence"},
	"card_issued":           {Vi: "ngày cấp thẻ", En: "day of the card's issue"},
	"card_expires":          {Vi: "ngày thẻ hết hạn", En: "day of the card's expiry"},
	"card_issuer":           {Vi: "nơi cấp thẻ", En: "issuer of the card"},
	"father":                {Vi: "họ tên cha", En: "father's name"},
	"mother":                {Vi: "họ tên mẹ", En: "mother's name"},
	"phone_number":          {Vi: "số điện thoại", En: "telephone number"},
	"phone_number_verified": {Vi: "số điện thoại đã xác minh hay chưa", En: "whether the number was verified"},
	"email":                 {Vi: "thư điện tử", En: "e-mail address"},
	"email_verified":        {Vi: "thư điện tử đã xác minh hay chưa", En: "whether the address was verified"},
	"account_level":         {Vi: "mức độ tài khoản định danh điện tử", En: "account level"},
	"account_type":          {Vi: "loại tài khoản", En: "type of account"},
	"account_status":        {Vi: "trạng thái tài khoản", En: "state of the account"},
	"eid_status":            {Vi: "trạng thái căn cước điện tử", En: "state of the electronic identity card"},
}

// ClaimList joins the claims behind a scope into a sentence's part.
func ClaimList(names []string) *ui.Text {
	var vi, en []string
	for _, n := range names {
		t := Of(Claims, n)
		vi, en = append(vi, t.Vi), append(en, t.En)
	}
	if vi == nil {
		return nil
	}
	return &ui.Text{Vi: strings.Join(vi, ", "), En: strings.Join(en, ", ")}
}

// Classes are the sorts of relying parties.
var Classes = map[string]ui.Text{
	"state":          {Vi: "Cơ quan nhà nước", En: "State body"},
	"political":      {Vi: "Tổ chức chính trị, chính trị – xã hội", En: "Political or socio-political organisation"},
	"public-service": {Vi: "Đơn vị cung cấp dịch vụ công", En: "Public-service provider"},
	"business":       {Vi: "Doanh nghiệp, tổ chức khác", En: "Business"},
}

// Registers are the databases that documents come from. Their names stand in documents
// as they are in Vietnamese.
var Registers = map[string]ui.Text{
	wallet.Population: {Vi: wallet.Population, En: "National population database"},
	wallet.Traffic:    {Vi: wallet.Traffic, En: "Database of driving licences"},
	wallet.Vehicles:   {Vi: wallet.Vehicles, En: "Database of vehicle registrations"},
	wallet.Insurance:  {Vi: wallet.Insurance, En: "National insurance database"},
	wallet.Records:    {Vi: wallet.Records, En: "Database of judicial records"},
	wallet.Taxes:      {Vi: wallet.Taxes, En: "Database of tax registrations"},
	wallet.Passports:  {Vi: wallet.Passports, En: "National immigration database"},
}
